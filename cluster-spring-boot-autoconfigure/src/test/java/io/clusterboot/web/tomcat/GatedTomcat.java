package io.clusterboot.web.tomcat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.clusterboot.contract.PeerAttribute;
import io.clusterboot.gate.AcceptGate;
import io.clusterboot.gate.GatedServer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import org.apache.catalina.connector.Connector;

import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;

/**
 * A Tomcat as Spring Boot builds it, behind a gate, with requests that a test can hold.
 */
class GatedTomcat implements AutoCloseable {

	// More than fits into the buffers of a socket
	static final int DOWNLOAD = 64 * 1024 * 1024;

	final AcceptGate gate = new AcceptGate();

	final CountDownLatch held = new CountDownLatch(1);

	final CountDownLatch release = new CountDownLatch(1);

	private final GatedServer server;

	private final TomcatWebServer webServer;

	GatedTomcat(ServerSocketChannel channel) throws IOException {
		this(channel, (factory) -> {
		});
	}

	GatedTomcat(ServerSocketChannel channel, Consumer<TomcatServletWebServerFactory> configuration) throws IOException {
		this.gate.add(channel);
		TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
		factory.setAddress(((InetSocketAddress) channel.getLocalAddress()).getAddress());
		configuration.accept(factory);
		TomcatGateCustomizer customizer = new TomcatGateCustomizer(this.gate, (port) -> {
		});
		customizer.customize(factory);
		this.server = customizer.server();
		this.webServer = (TomcatWebServer) factory.getWebServer(this::addServlets);
		this.webServer.start();
	}

	static ServerSocketChannel listen() throws IOException {
		ServerSocketChannel channel = ServerSocketChannel.open();
		channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
		channel.bind(new InetSocketAddress("127.0.0.1", 0), 1024);
		channel.configureBlocking(false);
		return channel;
	}

	GatedServer server() {
		return this.server;
	}

	TomcatWebServer webServer() {
		return this.webServer;
	}

	Connector connector() {
		return this.webServer.getTomcat().getConnector();
	}

	void awaitHeld() throws InterruptedException {
		if (!this.held.await(10, TimeUnit.SECONDS)) {
			throw new IllegalStateException("No request came");
		}
	}

	@Override
	public void close() {
		this.release.countDown();
		this.webServer.stop();
		this.webServer.destroy();
	}

	private void addServlets(ServletContext context) {
		add(context, "/hello", (request, response) -> response.getWriter().write("hello"));
		add(context, "/peer", (request, response) -> response.getWriter()
			.write(((Supplier<?>) request.getAttribute(PeerAttribute.NAME)).get() + " " + request.getRemoteAddr()));
		add(context, "/status", (request, response) -> response.setStatus(Integer.parseInt(request.getQueryString())));
		add(context, "/broken", (request, response) -> {
			throw new IllegalStateException("Broken");
		});
		add(context, "/held", (request, response) -> {
			hold();
			response.getWriter().write("held");
		});
		add(context, "/held-committed", (request, response) -> {
			response.setContentLength(4);
			response.flushBuffer();
			hold();
			response.getWriter().write("held");
		});
		add(context, "/held-streamed", (request, response) -> {
			hold();
			response.flushBuffer();
			response.getWriter().write("streamed");
		});
		add(context, "/upload", (request, response) -> {
			this.held.countDown();
			response.getWriter().write("bytes=" + request.getInputStream().readAllBytes().length);
		});
		add(context, "/download", (request, response) -> {
			this.held.countDown();
			response.getOutputStream().write(new byte[DOWNLOAD]);
		});
		add(context, "/async", (request, response) -> {
			if (request.getDispatcherType() == DispatcherType.ASYNC) {
				if ("broken".equals(request.getQueryString())) {
					throw new ServletException("Broken");
				}
				response.getWriter().write("async");
				return;
			}
			AsyncContext async = request.startAsync();
			if ("timeout".equals(request.getQueryString())) {
				async.setTimeout(100);
				return;
			}
			new Thread(() -> {
				hold();
				async.dispatch();
			}).start();
		});
		add(context, "/upgrade", (request, response) -> {
			response.setHeader("Connection", "upgrade");
			response.setHeader("Upgrade", "echo");
			request.upgrade(NothingHandler.class);
		});
	}

	private void hold() {
		this.held.countDown();
		try {
			this.release.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void add(ServletContext context, String path, Handler handler) {
		ServletRegistration.Dynamic registration = context.addServlet(path, new HandlerServlet(handler));
		registration.setAsyncSupported(true);
		registration.addMapping(path);
	}

	/**
	 * What a servlet does with a request.
	 */
	private interface Handler {

		void handle(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException;

	}

	/**
	 * Servlet for a {@link Handler}.
	 */
	private static final class HandlerServlet extends HttpServlet {

		private final transient Handler handler;

		private HandlerServlet(Handler handler) {
			this.handler = handler;
		}

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response)
				throws IOException, ServletException {
			this.handler.handle(request, response);
		}

	}

	/**
	 * Holds an upgraded connection open, as a WebSocket does.
	 */
	public static class NothingHandler implements HttpUpgradeHandler {

		@Override
		public void init(WebConnection connection) {
			try {
				connection.getInputStream().setReadListener(new ReadListener() {

					@Override
					public void onDataAvailable() {
					}

					@Override
					public void onAllDataRead() {
					}

					@Override
					public void onError(Throwable ex) {
					}

				});
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Override
		public void destroy() {
		}

	}

}
