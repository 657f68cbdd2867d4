package io.clusterboot.cli.drill;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A connection to the cluster that hides nothing. The clients of the JDK send a request
 * again when a connection breaks, and say nothing of it.
 */
final class HttpConnection implements AutoCloseable {

	private static final int CONNECT_MILLIS = 10_000;

	private final Socket socket = new Socket();

	private final InputStream input;

	private final int readMillis;

	private boolean reusable = true;

	HttpConnection(int port, Duration patience) throws IOException {
		this.readMillis = (int) patience.toMillis();
		try {
			this.socket.connect(new InetSocketAddress("127.0.0.1", port), CONNECT_MILLIS);
			this.socket.setTcpNoDelay(true);
			this.input = new BufferedInputStream(this.socket.getInputStream());
		}
		catch (IOException ex) {
			this.socket.close();
			throw ex;
		}
	}

	/**
	 * Return whether another request may be sent. Whoever keeps connections looks first,
	 * because a server may close those that are idle.
	 * @return whether the server has left it open
	 */
	boolean isReusable() {
		if (!this.reusable) {
			return false;
		}
		try {
			this.socket.setSoTimeout(1);
			this.input.read();
			return false;
		}
		catch (SocketTimeoutException ex) {
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Get something.
	 * @param path the path
	 * @param keep whether the connection is to be used again
	 * @return the status
	 * @throws IOException if there is no whole answer
	 */
	int get(String path, boolean keep) throws IOException {
		this.reusable = false;
		this.socket.setSoTimeout(this.readMillis);
		String head = "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nUser-Agent: cluster-drill\r\nConnection: %s\r\n\r\n"
			.formatted(path, this.socket.getPort(), (keep) ? "keep-alive" : "close");
		this.socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
		int status = readStatus();
		Map<String, String> headers = readHeaders();
		while (status < 200) {
			status = readStatus();
			headers = readHeaders();
		}
		boolean delimited = skipBody(status, headers);
		this.reusable = keep && delimited && !headers.getOrDefault("Connection", "").equalsIgnoreCase("close");
		return status;
	}

	private int readStatus() throws IOException {
		String line = readLine();
		String[] words = line.split(" ", 3);
		if (words.length < 2 || !words[1].matches("\\d{3}")) {
			throw new IOException("an answer that begins with '%.40s'".formatted(line));
		}
		return Integer.parseInt(words[1]);
	}

	private Map<String, String> readHeaders() throws IOException {
		Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		for (String line = readLine(); !line.isEmpty(); line = readLine()) {
			int colon = line.indexOf(':');
			headers.put(line.substring(0, Math.max(0, colon)), line.substring(colon + 1).trim());
		}
		return headers;
	}

	private boolean skipBody(int status, Map<String, String> headers) throws IOException {
		if (status == 204 || status == 304) {
			return true;
		}
		if (headers.getOrDefault("Transfer-Encoding", "").toLowerCase(Locale.ROOT).contains("chunked")) {
			for (long size = readChunkSize(); size > 0; size = readChunkSize()) {
				this.input.skipNBytes(size + 2);
			}
			readHeaders();
			return true;
		}
		String length = headers.get("Content-Length");
		if (length == null) {
			this.input.transferTo(OutputStream.nullOutputStream());
			return false;
		}
		this.input.skipNBytes(Long.parseLong(length));
		return true;
	}

	private long readChunkSize() throws IOException {
		return Long.parseLong(readLine().split(";")[0].trim(), 16);
	}

	private String readLine() throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		for (int next = this.input.read(); next != '\n'; next = this.input.read()) {
			if (next < 0) {
				throw new EOFException("closed without an answer");
			}
			line.write(next);
		}
		return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			// it is gone anyway
		}
	}

}
