package io.clusterboot.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;

/**
 * An HTTP response.
 *
 * @param status its status code
 * @param headers its headers, found whatever their case
 * @param body its body
 */
record HttpReply(int status, Map<String, String> headers, String body) {

	static HttpReply get(int port, String path) throws IOException {
		return exchange(port, "GET", path, "");
	}

	static HttpReply get(InetSocketAddress address, String path) throws IOException {
		try (HttpConnection connection = new HttpConnection(address)) {
			return connection.exchange("GET", path, "", "Connection: close");
		}
	}

	static HttpReply get(InetSocketAddress address, InetAddress source, String path) throws IOException {
		try (HttpConnection connection = new HttpConnection(address, source)) {
			return connection.exchange("GET", path, "", "Connection: close");
		}
	}

	/**
	 * Get something that has to come soon.
	 * @param port the port
	 * @param path the path
	 * @param timeout how long to wait for each part of the answer
	 * @return the response
	 * @throws IOException if it does not come
	 */
	static HttpReply get(int port, String path, Duration timeout) throws IOException {
		InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
		try (HttpConnection connection = new HttpConnection(address, null, timeout)) {
			return connection.exchange("GET", path, "", "Connection: close");
		}
	}

	static HttpReply post(int port, String path, String json) throws IOException {
		return exchange(port, "POST", path, json);
	}

	private static HttpReply exchange(int port, String method, String path, String json) throws IOException {
		try (HttpConnection connection = new HttpConnection(port)) {
			return connection.exchange(method, path, json, "Connection: close");
		}
	}

	/**
	 * What the sample application says about the process that answered.
	 * @param name a name such as {@code pid} or {@code version}
	 * @return the value
	 */
	String said(String name) {
		return this.body.replaceFirst("(?s).*\\b" + name + "=(\\S+).*", "$1");
	}

	long pid() {
		return Long.parseLong(said("pid"));
	}

}
