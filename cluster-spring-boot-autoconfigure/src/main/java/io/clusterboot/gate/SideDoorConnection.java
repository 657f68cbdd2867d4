package io.clusterboot.gate;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A connection to a {@link SideDoor}, for one request after the other. The JDK's clients
 * would let neither the host be another than the address, nor the settings that an
 * application makes for its own requests be ignored. Not for several threads at once.
 */
public final class SideDoorConnection implements AutoCloseable {

	private final Socket plain;

	private final Socket socket;

	private final InputStream in;

	private SideDoorConnection(Socket plain, Socket socket) throws IOException {
		this.plain = plain;
		this.socket = socket;
		this.in = new BufferedInputStream(socket.getInputStream());
	}

	/**
	 * Connect to the door of a worker of this host.
	 * @param port the port of the door
	 * @param secure whether the server behind it speaks TLS
	 * @param timeoutMillis how long anything may take
	 * @return the connection
	 * @throws IOException if nobody listens there
	 */
	public static SideDoorConnection open(int port, boolean secure, int timeoutMillis) throws IOException {
		IOException failure = new IOException();
		for (byte[] loopback : SideDoor.LOOPBACK) {
			try {
				return open(new InetSocketAddress(InetAddress.getByAddress(loopback), port), secure, timeoutMillis);
			}
			catch (IOException ex) {
				failure = ex;
			}
		}
		throw failure;
	}

	/**
	 * Connect to a door.
	 * @param door where it is
	 * @param secure whether the server behind it speaks TLS
	 * @param timeoutMillis how long anything may take
	 * @return the connection
	 * @throws IOException if nobody listens there
	 */
	public static SideDoorConnection open(InetSocketAddress door, boolean secure, int timeoutMillis)
			throws IOException {
		Socket plain = new Socket(Proxy.NO_PROXY);
		try {
			plain.setTcpNoDelay(true);
			plain.connect(door, timeoutMillis);
			plain.setSoTimeout(timeoutMillis);
			return new SideDoorConnection(plain, (secure) ? secure(plain, door) : plain);
		}
		catch (IOException | RuntimeException ex) {
			plain.close();
			throw ex;
		}
	}

	// The handshake comes with the first byte
	private static Socket secure(Socket plain, InetSocketAddress door) throws IOException {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, new TrustManager[] { new Trusting() }, new SecureRandom());
			return context.getSocketFactory().createSocket(plain, door.getHostString(), door.getPort(), true);
		}
		catch (GeneralSecurityException ex) {
			throw new IOException(ex);
		}
	}

	/**
	 * Return the address of the door.
	 * @return the other end of the connection
	 */
	public InetSocketAddress door() {
		return (InetSocketAddress) this.plain.getRemoteSocketAddress();
	}

	/**
	 * Return the address that the door sees.
	 * @return this end of the connection
	 */
	public InetSocketAddress own() {
		return (InetSocketAddress) this.plain.getLocalSocketAddress();
	}

	/**
	 * Say for how long the server may do nothing from now on.
	 * @param millis how long
	 * @throws IOException if the connection is closed
	 */
	public void timeout(int millis) throws IOException {
		this.plain.setSoTimeout(millis);
	}

	/**
	 * Return where requests are written to.
	 * @return the stream, which is not to be closed
	 * @throws IOException if the connection is closed
	 */
	public OutputStream out() throws IOException {
		return this.socket.getOutputStream();
	}

	/**
	 * Wait for the answer to the last request. Its body must have been read before the
	 * next request.
	 * @param method the method of the request
	 * @return the answer
	 * @throws IOException if there is none
	 */
	public SideDoorAnswer readAnswer(String method) throws IOException {
		return SideDoorAnswer.read(this.in, method);
	}

	@Override
	public void close() throws IOException {
		this.plain.close();
	}

	/**
	 * Trusts anybody: who listens at a door is known otherwise.
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
