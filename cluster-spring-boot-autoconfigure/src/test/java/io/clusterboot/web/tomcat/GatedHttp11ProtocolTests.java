package io.clusterboot.web.tomcat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.ServerSocketChannel;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.Ssl;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GatedHttp11Protocol} and {@link GatedNioEndpoint}.
 */
@Timeout(60)
class GatedHttp11ProtocolTests {

	private static final String KEY_STORE = "classpath:io/clusterboot/web/tomcat/test.p12";

	private ServerSocketChannel channel;

	@BeforeEach
	void listen() throws IOException {
		this.channel = GatedTomcat.listen();
	}

	@AfterEach
	void closeChannel() throws IOException {
		this.channel.close();
	}

	@Test
	void closedGateLetsConnectionsWaitUntilItOpens() throws Exception {
		try (GatedTomcat tomcat = new GatedTomcat(this.channel);
				HttpConnection first = new HttpConnection(this.channel);
				HttpConnection second = new HttpConnection(this.channel)) {
			first.get("/hello");
			second.get("/hello");
			Awaitility.await()
				.during(Duration.ofMillis(300))
				.until(() -> !first.hasInput() && tomcat.server().connections() == 0);
			tomcat.gate.open();
			assertThat(first.response()).startsWith("HTTP/1.1 200").endsWith("hello");
			assertThat(second.response()).startsWith("HTTP/1.1 200").endsWith("hello");
			assertThat(tomcat.server().connections()).isEqualTo(2);
		}
	}

	@Test
	void portIsTheSharedOne() throws Exception {
		try (GatedTomcat tomcat = new GatedTomcat(this.channel)) {
			assertThat(tomcat.webServer().getPort()).isEqualTo(port());
		}
	}

	@Test
	void handOverToAnotherServerUnderLoadAnswersEveryConnection() throws Exception {
		int threads = 20;
		int connections = 2000;
		ExecutorService clients = Executors.newFixedThreadPool(threads);
		try (GatedTomcat oldServer = new GatedTomcat(this.channel);
				GatedTomcat newServer = new GatedTomcat(this.channel)) {
			oldServer.gate.open();
			AtomicInteger answered = new AtomicInteger();
			List<Future<String>> responses = new ArrayList<>();
			for (int i = 0; i < connections; i++) {
				responses.add(clients.submit(newConnection(answered)));
			}
			Awaitility.await().until(() -> answered.get() > connections / 4);
			newServer.gate.open();
			oldServer.gate.close();
			int served = answered.get();
			oldServer.server().endKeepAlive();
			Awaitility.await().until(() -> oldServer.server().drainingConnections() == 0);
			oldServer.webServer().stop();
			assertThat(served).isLessThan(connections);
			for (Future<String> response : responses) {
				assertThat(response.get()).startsWith("HTTP/1.1 200").endsWith("hello");
			}
			assertThat(newServer.server().responses().total()).isPositive();
		}
		finally {
			clients.shutdownNow();
		}
	}

	@Test
	void handOverMovesKeepAliveClientsWithoutAnError() throws Exception {
		int threads = 10;
		ExecutorService clients = Executors.newFixedThreadPool(threads);
		try (GatedTomcat oldServer = new GatedTomcat(this.channel);
				GatedTomcat newServer = new GatedTomcat(this.channel)) {
			oldServer.gate.open();
			AtomicBoolean enough = new AtomicBoolean();
			List<Future<Integer>> answers = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				answers.add(clients.submit(() -> keepAlive(enough)));
			}
			Awaitility.await().until(() -> oldServer.server().responses().total() > 500);
			newServer.gate.open();
			oldServer.gate.close();
			oldServer.server().endKeepAlive();
			Awaitility.await().until(() -> oldServer.server().drainingConnections() == 0);
			oldServer.webServer().stop();
			Awaitility.await().until(() -> newServer.server().responses().total() > 500);
			enough.set(true);
			for (Future<Integer> answer : answers) {
				assertThat(answer.get()).isPositive();
			}
		}
		finally {
			clients.shutdownNow();
		}
	}

	@Test
	void gateThatKeepsOpeningAndClosingUnderLoadLosesNoConnection() throws Exception {
		int connections = 1000;
		ExecutorService clients = Executors.newFixedThreadPool(10);
		try (GatedTomcat busy = new GatedTomcat(this.channel); GatedTomcat other = new GatedTomcat(this.channel)) {
			other.gate.open();
			AtomicInteger answered = new AtomicInteger();
			List<Future<String>> responses = new ArrayList<>();
			for (int i = 0; i < connections; i++) {
				responses.add(clients.submit(newConnection(answered)));
			}
			for (Future<String> response : responses) {
				busy.gate.open();
				busy.gate.close();
				assertThat(response.get()).startsWith("HTTP/1.1 200").endsWith("hello");
			}
			assertThat(busy.server().responses().total()).isPositive();
		}
		finally {
			clients.shutdownNow();
		}
	}

	@Test
	void stopWhenGateIsOpenIsQuickAndLeavesTheSocketToOthers() throws Exception {
		GatedTomcat tomcat = new GatedTomcat(this.channel);
		tomcat.gate.open();
		try (HttpConnection connection = new HttpConnection(this.channel)) {
			assertThat(connection.get("/hello").response()).endsWith("hello");
		}
		Instant start = Instant.now();
		tomcat.close();
		assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(3));
		assertThat(this.channel.isOpen()).isTrue();
		assertThat(tomcat.webServer().getPort()).isEqualTo(-1);
		try (HttpConnection connection = new HttpConnection(this.channel);
				GatedTomcat next = new GatedTomcat(this.channel)) {
			next.gate.open();
			assertThat(connection.get("/hello").response()).endsWith("hello");
		}
	}

	@Test
	void startAfterStopServesAgain() throws Exception {
		try (GatedTomcat tomcat = new GatedTomcat(this.channel)) {
			tomcat.gate.open();
			tomcat.webServer().stop();
			try (HttpConnection connection = new HttpConnection(this.channel)) {
				connection.get("/hello");
				tomcat.webServer().start();
				assertThat(connection.response()).endsWith("hello");
				assertThat(tomcat.webServer().getPort()).isEqualTo(port());
			}
		}
	}

	@Test
	void pauseOfTheConnectorLetsConnectionsWaitUntilItResumes() throws Exception {
		try (GatedTomcat tomcat = new GatedTomcat(this.channel)) {
			tomcat.gate.open();
			tomcat.connector().pause();
			try (HttpConnection connection = new HttpConnection(this.channel)) {
				connection.get("/hello");
				Awaitility.await()
					.during(Duration.ofMillis(300))
					.until(() -> !connection.hasInput() && tomcat.server().connections() == 0);
				tomcat.connector().resume();
				assertThat(connection.response()).endsWith("hello");
			}
		}
	}

	@Test
	void gracefulCloseOfTheServerSocketLeavesTheSocketToOthers() throws Exception {
		try (GatedTomcat tomcat = new GatedTomcat(this.channel)) {
			tomcat.gate.open();
			tomcat.connector().getProtocolHandler().closeServerSocketGraceful();
			try (HttpConnection connection = new HttpConnection(this.channel);
					GatedTomcat next = new GatedTomcat(this.channel)) {
				next.gate.open();
				assertThat(connection.get("/hello").response()).endsWith("hello");
				assertThat(tomcat.server().responses().total()).isZero();
			}
		}
	}

	@Test
	void sslAndHttp2ServeThroughTheGate() throws Exception {
		try (GatedTomcat tomcat = new GatedTomcat(this.channel, this::ssl)) {
			tomcat.gate.open();
			HttpResponse<String> http2 = getOverTls(HttpClient.Version.HTTP_2);
			assertThat(http2.version()).isEqualTo(HttpClient.Version.HTTP_2);
			assertThat(http2.body()).isEqualTo("hello");
			HttpResponse<String> http11 = getOverTls(HttpClient.Version.HTTP_1_1);
			assertThat(http11.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
			assertThat(http11.body()).isEqualTo("hello");
		}
	}

	private Callable<String> newConnection(AtomicInteger answered) {
		return () -> {
			try (HttpConnection connection = new HttpConnection(this.channel)) {
				String response = connection.get("/hello", "Connection: close").response();
				answered.incrementAndGet();
				return response;
			}
		};
	}

	private int keepAlive(AtomicBoolean enough) throws IOException {
		int answers = 0;
		while (!enough.get()) {
			try (HttpConnection connection = new HttpConnection(this.channel)) {
				boolean close = false;
				while (!close && !enough.get()) {
					String response = connection.get("/hello").response();
					assertThat(response).startsWith("HTTP/1.1 200").endsWith("hello");
					close = response.contains("Connection: close");
					answers++;
				}
			}
		}
		return answers;
	}

	private void ssl(TomcatServletWebServerFactory factory) {
		Ssl ssl = new Ssl();
		ssl.setKeyStore(KEY_STORE);
		ssl.setKeyStorePassword("secret");
		factory.setSsl(ssl);
		Http2 http2 = new Http2();
		http2.setEnabled(true);
		factory.setHttp2(http2);
	}

	private HttpResponse<String> getOverTls(HttpClient.Version version) throws Exception {
		HttpClient client = HttpClient.newBuilder().version(version).sslContext(trustingContext()).build();
		HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port() + "/hello"))
			.timeout(Duration.ofSeconds(10))
			.build();
		return client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).get(10, TimeUnit.SECONDS);
	}

	private SSLContext trustingContext() throws GeneralSecurityException, IOException {
		KeyStore keyStore = KeyStore.getInstance("PKCS12");
		keyStore.load(getClass().getResourceAsStream("test.p12"), "secret".toCharArray());
		KeyStore trustStore = KeyStore.getInstance("PKCS12");
		trustStore.load(null, null);
		trustStore.setCertificateEntry("test", keyStore.getCertificate("test"));
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(trustStore);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, trust.getTrustManagers(), null);
		return context;
	}

	private int port() throws IOException {
		return ((InetSocketAddress) this.channel.getLocalAddress()).getPort();
	}

}
