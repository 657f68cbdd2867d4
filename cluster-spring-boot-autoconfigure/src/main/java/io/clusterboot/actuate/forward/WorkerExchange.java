package io.clusterboot.actuate.forward;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.clusterboot.actuate.access.SideDoorCheck;
import io.clusterboot.gate.SideDoorAnswer;
import io.clusterboot.gate.SideDoorConnection;

/**
 * One request to one worker.
 */
final class WorkerExchange implements AutoCloseable {

	// A worker that does not even accept a connection is stopped or hangs
	private static final Duration ACCEPT = Duration.ofSeconds(3);

	// A large heap takes its time before there is anything to be sent
	private static final Duration ANSWER = Duration.ofMinutes(5);

	private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();

	private static final int BUFFER = 16 * 1024;

	private final SideDoorConnection connection;

	private final String worker;

	private WorkerExchange(SideDoorConnection connection, String worker) {
		this.connection = connection;
		this.worker = worker;
	}

	/**
	 * Connect to a worker. Returns when it has accepted that, and is known to be one: by
	 * now its port may be somebody else's, who must not get what is for the worker.
	 * @param port the port of its side door
	 * @param worker what to call it
	 * @param secure whether it speaks TLS
	 * @param check says who it is
	 * @return the exchange, to be closed
	 * @throws ForwardException if it does not accept, or is another
	 */
	static WorkerExchange open(int port, String worker, BooleanSupplier secure, SideDoorCheck check)
			throws ForwardException {
		try {
			SideDoorConnection connection = SideDoorConnection.open(port, secure.getAsBoolean(),
					(int) ACCEPT.toMillis());
			WorkerExchange exchange = new WorkerExchange(connection, worker);
			try {
				exchange.awaitAccepted(check);
				return exchange;
			}
			catch (IOException | RuntimeException ex) {
				connection.close();
				throw ex;
			}
		}
		catch (ForwardException ex) {
			throw ex;
		}
		catch (SocketTimeoutException ex) {
			throw silent(worker, ACCEPT);
		}
		catch (IOException | UncheckedIOException ex) {
			throw new ForwardException(ForwardException.UNAVAILABLE,
					"The %s cannot be reached: %s.".formatted(worker, ex.getMessage()));
		}
	}

	private void awaitAccepted(SideDoorCheck check) throws IOException {
		long begin = System.nanoTime();
		Boolean home = check.isAtHome(this.connection.door(), this.connection.own());
		while (home == null && System.nanoTime() - begin < ACCEPT.toNanos()) {
			LockSupport.parkNanos(PAUSE_NANOS);
			home = check.isAtHome(this.connection.door(), this.connection.own());
		}
		if (home == null) {
			throw silent(this.worker, ACCEPT);
		}
		if (!home) {
			throw new ForwardException(ForwardException.UNAVAILABLE,
					"The %s has ended, and its port is somebody else's.".formatted(this.worker));
		}
	}

	private static ForwardException silent(String worker, Duration time) {
		return new ForwardException(ForwardException.TIMEOUT,
				"The %s has not answered within %d s. It may hang or be stopped.".formatted(worker, time.toSeconds()));
	}

	/**
	 * Send the request and wait for the head of the answer.
	 * @param method the method
	 * @param target the path and the query
	 * @param host the host that it is for
	 * @param headers the headers
	 * @param body the body
	 * @param length the length of the body, or -1 if it is not known
	 * @return the answer
	 * @throws IOException if the body cannot be read
	 */
	SideDoorAnswer exchange(String method, String target, String host, List<Map.Entry<String, String>> headers,
			InputStream body, long length) throws IOException {
		StringBuilder head = new StringBuilder("%s %s HTTP/1.1\r\nHost: %s\r\n".formatted(method, target, host));
		headers.forEach((header) -> head.append(header.getKey() + ": " + header.getValue() + "\r\n"));
		if (length != 0) {
			head.append((length > 0) ? "Content-Length: " + length : "Transfer-Encoding: chunked").append("\r\n");
		}
		head.append("Connection: close\r\n\r\n");
		Duration patience = ACCEPT;
		try {
			OutputStream out = new BufferedOutputStream(this.connection.out(), BUFFER);
			out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
			// With TLS the handshake comes before
			out.flush();
			patience = ANSWER;
			this.connection.timeout((int) patience.toMillis());
			if (length != 0) {
				send(body, out, length < 0);
			}
			return this.connection.readAnswer(method);
		}
		catch (SocketTimeoutException ex) {
			throw silent(this.worker, patience);
		}
		catch (RequestBodyException ex) {
			throw ex.cause();
		}
		catch (IOException ex) {
			throw new ForwardException(ForwardException.BAD_GATEWAY,
					"The %s gave no answer: %s.".formatted(this.worker, ex.getMessage()));
		}
	}

	private static void send(InputStream body, OutputStream out, boolean chunked) throws IOException {
		byte[] buffer = new byte[BUFFER];
		for (int count = read(body, buffer); count >= 0; count = read(body, buffer)) {
			if (chunked && count > 0) {
				out.write((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
			}
			out.write(buffer, 0, count);
			if (chunked && count > 0) {
				out.write(new byte[] { '\r', '\n' });
			}
			out.flush();
		}
		if (chunked) {
			out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
			out.flush();
		}
	}

	private static int read(InputStream body, byte[] buffer) throws RequestBodyException {
		try {
			return body.read(buffer);
		}
		catch (IOException ex) {
			throw new RequestBodyException(ex);
		}
	}

	@Override
	public void close() throws IOException {
		this.connection.close();
	}

	/**
	 * It is the caller who has failed, not the worker.
	 */
	private static final class RequestBodyException extends IOException {

		private final IOException cause;

		RequestBodyException(IOException cause) {
			super(cause);
			this.cause = cause;
		}

		IOException cause() {
			return this.cause;
		}

	}

}
