package io.clusterboot.worker.warmup;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

import io.clusterboot.contract.WarmUpRequest;
import io.clusterboot.gate.SideDoorAnswer;
import io.clusterboot.gate.SideDoorConnection;
import org.jspecify.annotations.Nullable;

/**
 * A client of this process's own server, which reads answers and forgets them. Not for
 * several threads at once.
 */
final class SideDoorClient implements AutoCloseable {

	private final InetSocketAddress door;

	private final boolean secure;

	private final String host;

	private @Nullable SideDoorConnection connection;

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
			SideDoorConnection connection = connect(timeoutMillis);
			connection.timeout(timeoutMillis);
			connection.out()
				.write(("%s HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\nAccept: */*\r\n\r\n")
					.formatted(request, this.host, WarmUpRequest.USER_AGENT)
					.getBytes(StandardCharsets.ISO_8859_1));
			SideDoorAnswer answer = connection.readAnswer(request.method());
			answer.body().transferTo(OutputStream.nullOutputStream());
			if (answer.isLast()) {
				close();
			}
			return answer.status();
		}
		catch (IOException ex) {
			close();
			throw ex;
		}
	}

	private SideDoorConnection connect(int timeoutMillis) throws IOException {
		SideDoorConnection connected = this.connection;
		if (connected == null) {
			connected = SideDoorConnection.open(this.door, this.secure, timeoutMillis);
			this.connection = connected;
		}
		return connected;
	}

	@Override
	public void close() throws IOException {
		SideDoorConnection connected = this.connection;
		this.connection = null;
		if (connected != null) {
			connected.close();
		}
	}

}
