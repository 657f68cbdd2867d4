package io.clusterboot.worker.warmup;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Locale;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

import io.clusterboot.contract.WarmUpRequest;
import org.jspecify.annotations.Nullable;

/**
 * A client of this process's own server, which reads answers and forgets them. The JDK's
 * clients would let neither the host be another than the address, nor the settings that
 * an application makes for its own requests be ignored. Not for several threads at once.
 */
final class SideDoorClient implements AutoCloseable {

	private static final int LONGEST_LINE = 64 * 1024;

	private static final int SWITCHING_PROTOCOLS = 101;

	private static final int NO_CONTENT = 204;

	private static final int NOT_MODIFIED = 304;

	private final InetSocketAddress door;

	private final boolean secure;

	private final String host;

	private @Nullable Socket socket;

	private @Nullable InputStream in;

	/**
	 * Create a client.
	 * @param door where to connect to
	 * @param secure whether the server speaks TLS
	 * @param host the host and port that requests are for
	 */
	SideDoorClient(InetSocketAddress door, boolean secure, String host) {
		this.door = door;
		this.secure = secure;
		this.host = host;
	}

	/**
	 * Send a request and wait for the end of the answer.
	 * @param request the request
	 * @param timeoutMillis how long the server may do nothing
	 * @return the answer's status
	 * @throws IOException if there is no answer
	 */
	int exchange(WarmUpRequest request, int timeoutMillis) throws IOException {
		try {
			Socket socket = connect(timeoutMillis);
			socket.setSoTimeout(timeoutMillis);
			socket.getOutputStream()
				.write(("%s HTTP/1.1\r\nHost: %s\r\nUser-Agent: cluster-warm-up\r\nAccept: */*\r\n\r\n")
					.formatted(request, this.host)
					.getBytes(StandardCharsets.ISO_8859_1));
			return readAnswer(request);
		}
		catch (IOException ex) {
			close();
			throw ex;
		}
	}

	private Socket connect(int timeoutMillis) throws IOException {
		Socket connected = this.socket;
		if (connected != null) {
			return connected;
		}
		Socket plain = new Socket(Proxy.NO_PROXY);
		this.socket = plain;
		plain.setTcpNoDelay(true);
		plain.connect(this.door, timeoutMillis);
		Socket socket = (this.secure) ? secure(plain, timeoutMillis) : plain;
		this.socket = socket;
		this.in = new BufferedInputStream(socket.getInputStream());
		return socket;
	}

	private Socket secure(Socket plain, int timeoutMillis) throws IOException {
		plain.setSoTimeout(timeoutMillis);
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, new TrustManager[] { new Trusting() }, new SecureRandom());
			return context.getSocketFactory().createSocket(plain, this.door.getHostString(), this.door.getPort(), true);
		}
		catch (GeneralSecurityException ex) {
			throw new IOException(ex);
		}
	}

	private int readAnswer(WarmUpRequest request) throws IOException {
		int status;
		Headers headers;
		do {
			status = status(readLine());
			headers = readHeaders();
		}
		while (status / 100 == 1 && status != SWITCHING_PROTOCOLS);
		if (!request.method().equals("HEAD") && status != NO_CONTENT && status != NOT_MODIFIED) {
			readBody(headers);
		}
		if (headers.close) {
			close();
		}
		return status;
	}

	private static int status(String line) throws IOException {
		try {
			return Integer.parseInt(line.split(" ", 3)[1]);
		}
		catch (RuntimeException ex) {
			throw new IOException("This is no answer: " + line, ex);
		}
	}

	private Headers readHeaders() throws IOException {
		Headers headers = new Headers();
		for (String line = readLine(); !line.isEmpty(); line = readLine()) {
			String lowerCase = line.toLowerCase(Locale.ROOT);
			int colon = lowerCase.indexOf(':');
			if (colon > 0) {
				headers.add(lowerCase.substring(0, colon), lowerCase.substring(colon + 1).strip());
			}
		}
		return headers;
	}

	private void readBody(Headers headers) throws IOException {
		if (headers.chunked) {
			for (long length = chunk(); length > 0; length = chunk()) {
				in().skipNBytes(length);
				readLine();
			}
			readHeaders();
		}
		else if (headers.length >= 0) {
			in().skipNBytes(headers.length);
		}
		else {
			headers.close = true;
			in().transferTo(OutputStream.nullOutputStream());
		}
	}

	private long chunk() throws IOException {
		return Long.parseLong(readLine().split(";", 2)[0].strip(), 16);
	}

	private String readLine() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int c = in().read(); c != '\n'; c = in().read()) {
			if (c < 0 || line.length() == LONGEST_LINE) {
				throw new EOFException("The connection ended within an answer");
			}
			line.append((char) c);
		}
		return line.toString().stripTrailing();
	}

	private InputStream in() throws IOException {
		if (this.in == null) {
			throw new EOFException("There is no connection");
		}
		return this.in;
	}

	@Override
	public void close() throws IOException {
		Socket socket = this.socket;
		this.socket = null;
		if (socket != null) {
			socket.close();
		}
	}

	/**
	 * What the headers of an answer say about where it ends.
	 */
	private static final class Headers {

		private long length = -1;

		private boolean chunked;

		private boolean close;

		void add(String name, String value) {
			if (name.equals("content-length")) {
				this.length = Long.parseLong(value);
			}
			else if (name.equals("transfer-encoding")) {
				this.chunked = value.endsWith("chunked");
			}
			else if (name.equals("connection")) {
				this.close = value.contains("close");
			}
		}

	}

	/**
	 * Trusts anybody: it is this process that is spoken to.
	 */
	private static final class Trusting extends X509ExtendedTrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
