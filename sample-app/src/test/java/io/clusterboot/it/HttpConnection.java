package io.clusterboot.it;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection that hides nothing: no pool, no retry, no redirect. What the
 * server does to the connection is what the caller sees.
 */
class HttpConnection implements AutoCloseable {

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

	private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

	private final Socket socket;

	private final InputStream input;

	HttpConnection(int port) throws IOException {
		this(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
	}

	HttpConnection(InetSocketAddress address) throws IOException {
		this(address, null);
	}

	HttpConnection(InetSocketAddress address, @Nullable InetAddress source) throws IOException {
		this(address, source, READ_TIMEOUT);
	}

	HttpConnection(InetSocketAddress address, @Nullable InetAddress source, Duration readTimeout) throws IOException {
		this.socket = new Socket();
		try {
			if (source != null) {
				this.socket.bind(new InetSocketAddress(source, 0));
			}
			this.socket.connect(address, (int) CONNECT_TIMEOUT.toMillis());
			this.socket.setSoTimeout((int) readTimeout.toMillis());
			this.socket.setTcpNoDelay(true);
			this.input = new BufferedInputStream(this.socket.getInputStream());
		}
		catch (IOException ex) {
			this.socket.close();
			throw ex;
		}
	}

	/**
	 * Send a request and read its response.
	 * @param method the method
	 * @param path the path
	 * @param json the body, or an empty string for none
	 * @param headers further header lines
	 * @return the response
	 * @throws IOException if the server did not answer
	 */
	HttpReply exchange(String method, String path, String json, String... headers) throws IOException {
		request(method, path, json, headers);
		return read();
	}

	/**
	 * Send a request whose response is read later.
	 * @param method the method
	 * @param path the path
	 * @param json the body, or an empty string for none
	 * @param headers further header lines
	 * @throws IOException if the connection is broken
	 */
	void request(String method, String path, String json, String... headers) throws IOException {
		byte[] body = json.getBytes(StandardCharsets.UTF_8);
		StringBuilder head = head(method, path, body.length, headers);
		if (body.length > 0) {
			head.append("Content-Type: application/json\r\n");
		}
		send(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
		send(body);
	}

	/**
	 * Send the head of a request whose body follows in pieces.
	 * @param path the path
	 * @param length the length of the body
	 * @throws IOException if the connection is broken
	 */
	void beginPost(String path, long length) throws IOException {
		StringBuilder head = head("POST", path, length).append("Content-Type: application/octet-stream\r\n\r\n");
		send(head.toString().getBytes(StandardCharsets.UTF_8));
	}

	void send(byte[] bytes) throws IOException {
		this.socket.getOutputStream().write(bytes);
	}

	private StringBuilder head(String method, String path, long length, String... headers) {
		StringBuilder head = new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\n");
		head.append("Host: localhost\r\n");
		if (!method.equals("GET")) {
			head.append("Content-Length: ").append(length).append("\r\n");
		}
		for (String header : headers) {
			head.append(header).append("\r\n");
		}
		return head;
	}

	/**
	 * Read a response.
	 * @return the response
	 * @throws IOException if the connection ends before it is complete
	 */
	HttpReply read() throws IOException {
		int status = Integer.parseInt(readLine().split(" ")[1]);
		Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		for (String line = readLine(); !line.isEmpty(); line = readLine()) {
			int colon = line.indexOf(':');
			headers.put(line.substring(0, colon), line.substring(colon + 1).trim());
		}
		return new HttpReply(status, headers, new String(readBody(headers), StandardCharsets.UTF_8));
	}

	private byte[] readBody(Map<String, String> headers) throws IOException {
		String length = headers.get("Content-Length");
		if (length != null) {
			return readFully(Integer.parseInt(length));
		}
		if (headers.getOrDefault("Transfer-Encoding", "").toLowerCase(Locale.ROOT).contains("chunked")) {
			ByteArrayOutputStream body = new ByteArrayOutputStream();
			for (int size = readChunkSize(); size > 0; size = readChunkSize()) {
				body.writeBytes(readFully(size));
				readLine();
			}
			readLine();
			return body.toByteArray();
		}
		return this.input.readAllBytes();
	}

	private int readChunkSize() throws IOException {
		return Integer.parseInt(readLine().split(";")[0].trim(), 16);
	}

	private byte[] readFully(int length) throws IOException {
		byte[] bytes = this.input.readNBytes(length);
		if (bytes.length < length) {
			throw new EOFException("Connection ended after %d of %d bytes".formatted(bytes.length, length));
		}
		return bytes;
	}

	private String readLine() throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		for (int next = this.input.read(); next != '\n'; next = this.input.read()) {
			if (next == -1) {
				throw new EOFException("Connection ended where a response was expected");
			}
			line.write(next);
		}
		return line.toString(StandardCharsets.UTF_8).stripTrailing();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
