package io.clusterboot.actuate;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.clusterboot.actuate.access.CallerCheck;
import io.clusterboot.contract.PeerAttribute;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * A real application on a real port with the endpoint in it, and its client.
 */
final class EndpointApplication implements AutoCloseable {

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final ConfigurableApplicationContext context;

	private EndpointApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	static EndpointApplication start(StubCluster operations, CallerCheck callerCheck, String... properties) {
		ApplicationContextInitializer<GenericApplicationContext> endpoint = (context) -> context.registerBean(
				ClusterEndpoint.class,
				() -> new ClusterEndpoint(operations, operations::onBehalfOf, callerCheck, () -> true));
		return new EndpointApplication(new SpringApplicationBuilder(Configuration.class).initializers(endpoint)
			.properties("server.port=0", "management.endpoints.web.exposure.include=health,cluster",
					"spring.main.banner-mode=off", "spring.jmx.enabled=false")
			.properties(properties)
			.run());
	}

	String url(String host, String path) {
		return "http://" + host + ":" + this.context.getEnvironment().getRequiredProperty("local.server.port")
				+ this.context.getEnvironment().getProperty("test.base", "/actuator/cluster") + path;
	}

	HttpResponse<String> get() throws Exception {
		return get("");
	}

	HttpResponse<String> get(String path) throws Exception {
		return send(HttpRequest.newBuilder(URI.create(url("127.0.0.1", path))).build());
	}

	HttpResponse<String> getWithHeaders(String path, String... headers) throws Exception {
		return send(HttpRequest.newBuilder(URI.create(url("127.0.0.1", path))).headers(headers).build());
	}

	HttpResponse<String> post(String path) throws Exception {
		return postTo("127.0.0.1", path);
	}

	HttpResponse<String> postTo(String host, String path) throws Exception {
		return send(
				HttpRequest.newBuilder(URI.create(url(host, path))).POST(HttpRequest.BodyPublishers.noBody()).build());
	}

	HttpResponse<String> postWithHeaders(String path, String... headers) throws Exception {
		return send(HttpRequest.newBuilder(URI.create(url("127.0.0.1", path)))
			.headers(headers)
			.POST(HttpRequest.BodyPublishers.noBody())
			.build());
	}

	HttpResponse<String> post(String path, String json) throws Exception {
		return send(HttpRequest.newBuilder(URI.create(url("127.0.0.1", path)))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(json))
			.build());
	}

	/**
	 * Post with curl.
	 * @param prefix what to put in front of the command line
	 * @param path the path
	 * @param options more options
	 * @return the status and the body
	 * @throws Exception on failure
	 */
	String curl(List<String> prefix, String path, String... options) throws Exception {
		List<String> command = new ArrayList<>(prefix);
		command.addAll(List.of("curl", "--silent", "--show-error", "--max-time", "10", "--request", "POST",
				"--write-out", " %{http_code}"));
		command.addAll(List.of(options));
		command.add(url("127.0.0.1", path));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes());
		process.waitFor(10, TimeUnit.SECONDS);
		return output;
	}

	private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
		return this.client.send(request, HttpResponse.BodyHandlers.ofString());
	}

	@Override
	public void close() {
		this.context.close();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Configuration {

		@Bean
		FilterRegistrationBean<Filter> peerFilter(Environment environment) {
			String peer = environment.getProperty("test.peer", "real");
			FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response, chain) -> {
				if (!"unknown".equals(peer)) {
					InetSocketAddress address = peer(request, peer);
					request.setAttribute(PeerAttribute.NAME, (Supplier<InetSocketAddress>) () -> address);
				}
				chain.doFilter(authenticated((HttpServletRequest) request, environment), response);
			});
			registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
			return registration;
		}

		private HttpServletRequest authenticated(HttpServletRequest request, Environment environment) {
			String user = environment.getProperty("test.user");
			if (user == null) {
				return request;
			}
			return new HttpServletRequestWrapper(request) {

				@Override
				public Principal getUserPrincipal() {
					return () -> user;
				}

			};
		}

		private InetSocketAddress peer(ServletRequest request, String peer) throws IOException {
			String address = ("real".equals(peer)) ? request.getRemoteAddr() : peer;
			return new InetSocketAddress(InetAddress.getByName(address), request.getRemotePort());
		}

	}

}
