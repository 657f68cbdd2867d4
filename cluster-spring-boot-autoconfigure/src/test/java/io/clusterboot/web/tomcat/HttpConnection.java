package io.clusterboot.web.tomcat;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One HTTP/1.1 connection on which a test decides when each byte is sent and read.
 */
class HttpConnection implements AutoCloseable {

	private final Socket socket;

	HttpConnection(ServerSocketChannel channel) throws IOException {
		this(((InetSocketAddress) channel.getLocalAddress()).getPort());
	}

	HttpConnection(int port) throws IOException {
		this.socket = new Socket();
		this.socket.connect(new InetSocketAddress("127.0.0.1", port), 10_000);
		this.socket.setSoTimeout(10_000);
	}

	int localPort() {
		return this.socket.getLocalPort();
	}

	HttpConnection get(String path, String... headers) throws IOException {
		StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n");
		for (String header : headers) {
			request.append(header).append("\r\n");
		}
		return send(request.append("\r\n").toString());
	}

	HttpConnection send(String text) throws IOException {
		this.socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
		return this;
	}

	/**
	 * Read a response with a {@code Content-Length}, or the head of one without.
	 * @return the response, header names and all
	 * @throws IOException if the connection ends before the response
	 */
	String response() throws IOException {
		InputStream input = this.socket.getInputStream();
		ByteArrayOutputStream response = new ByteArrayOutputStream();
		while (!text(response).endsWith("\r\n\r\n")) {
			response.write(read(input));
		}
		String head = text(response).toLowerCase(Locale.ROOT);
		int length = head.indexOf("content-length: ");
		if (length != -1) {
			int start = length + "content-length: ".length();
			int count = Integer.parseInt(head.substring(start, head.indexOf('\r', start)));
			for (int i = 0; i < count; i++) {
				response.write(read(input));
			}
		}
		return text(response);
	}

	/**
	 * Read some bytes.
	 * @param count how many
	 * @throws IOException if the connection ends before
	 */
	void read(int count) throws IOException {
		this.socket.getInputStream().skipNBytes(count);
	}

	boolean isClosedByPeer() throws IOException {
		return this.socket.getInputStream().read() == -1;
	}

	boolean hasInput() throws IOException {
		return this.socket.getInputStream().available() > 0;
	}

	private int read(InputStream input) throws IOException {
		int read = input.read();
		if (read == -1) {
			throw new EOFException("The connection was closed");
		}
		return read;
	}

	private String text(ByteArrayOutputStream bytes) {
		return bytes.toString(StandardCharsets.US_ASCII);
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
