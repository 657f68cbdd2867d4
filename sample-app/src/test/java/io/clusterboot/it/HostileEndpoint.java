package io.clusterboot.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.TreeMap;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Answers as the endpoint of a cluster has answered, page and all, but each text is one
 * that a page must not take for anything else.
 */
final class HostileEndpoint implements AutoCloseable {

	static final String TEXT = "<img src=x onerror=alert(1)>\"'`</script><script>alert(2)</script>&amp;${1}";

	private static final String PATH = "/actuator/cluster";

	private final Map<String, HttpReply> answers = new TreeMap<>();

	private final HttpServer server;

	HostileEndpoint(ClusterProcess cluster, int incident, int reload) throws IOException {
		for (String path : new String[] { "", "/reloads", "/incidents", "/incidents/" + incident,
				"/reloads/" + reload }) {
			this.answers.put(PATH + path, cluster.get(PATH + path));
		}
		try (HttpConnection connection = new HttpConnection(cluster.port())) {
			this.answers.put("html", connection.exchange("GET", PATH, "", "Accept: text/html"));
		}
		for (String file : new String[] { "/page.js", "/page.css" }) {
			this.answers.put(PATH + file, cluster.get(PATH + file));
		}
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/", this::answer);
		this.server.start();
	}

	String url() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort() + PATH;
	}

	private void answer(HttpExchange exchange) throws IOException {
		boolean page = exchange.getRequestHeaders().getFirst("Accept").startsWith("text/html");
		HttpReply reply = this.answers.get((page) ? "html" : exchange.getRequestURI().getPath());
		if (reply == null) {
			exchange.sendResponseHeaders(404, -1);
			exchange.close();
			return;
		}
		String type = reply.headers().get("Content-Type");
		exchange.getResponseHeaders().set("Content-Type", type);
		byte[] body = ((type.contains("json")) ? poison(Browser.parse(reply.body())).toString() : reply.body())
			.getBytes(StandardCharsets.UTF_8);
		exchange.sendResponseHeaders(200, body.length);
		exchange.getResponseBody().write(body);
		exchange.close();
	}

	private static JsonNode poison(JsonNode node) {
		if (node instanceof ObjectNode object) {
			object.propertyNames().forEach((name) -> object.set(name, poison(object.get(name))));
			return object;
		}
		if (node instanceof ArrayNode array) {
			for (int i = 0; i < array.size(); i++) {
				array.set(i, poison(array.get(i)));
			}
			return array;
		}
		return (node.isString() && !isTime(node.asString())) ? StringNode.valueOf(TEXT) : node;
	}

	private static boolean isTime(String text) {
		try {
			return Instant.parse(text) != null;
		}
		catch (DateTimeParseException ex) {
			return false;
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
