package io.clusterboot.it.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that does to every connection what a test wants, and closes it then.
 */
final class ScriptedServer implements AutoCloseable {

	static final String ANSWER = "HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nHello";

	private final ServerSocket listener;

	private final List<Socket> connections = new CopyOnWriteArrayList<>();

	private final AtomicInteger requests = new AtomicInteger();

	ScriptedServer(Script script) throws IOException {
		this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		start(() -> {
			while (true) {
				Socket socket = this.listener.accept();
				this.connections.add(socket);
				start(() -> run(script, socket));
			}
		});
	}

	private void run(Script script, Socket socket) throws IOException {
		try (socket) {
			script.run(new Connection(socket));
		}
	}

	private static void start(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// The test is over, or the client has gone
			}
		}, "scripted-server");
		thread.setDaemon(true);
		thread.start();
	}

	int port() {
		return this.listener.getLocalPort();
	}

	int connections() {
		return this.connections.size();
	}

	int requests() {
		return this.requests.get();
	}

	@Override
	public void close() throws IOException {
		this.listener.close();
		for (Socket socket : this.connections) {
			socket.close();
		}
	}

	/**
	 * The server's end of a connection.
	 */
	final class Connection {

		private final Socket socket;

		private Connection(Socket socket) {
			this.socket = socket;
		}

		/**
		 * Read a request.
		 * @return whether there was one
		 * @throws IOException if the connection is broken
		 */
		boolean read() throws IOException {
			InputStream input = this.socket.getInputStream();
			StringBuilder request = new StringBuilder();
			while (!request.toString().endsWith("\r\n\r\n")) {
				int next = input.read();
				if (next < 0) {
					return false;
				}
				request.append((char) next);
			}
			ScriptedServer.this.requests.incrementAndGet();
			return true;
		}

		void write(String text) throws IOException {
			this.socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
		}

		/**
		 * Do nothing until the client has gone.
		 * @throws IOException if the client broke the connection
		 */
		void hang() throws IOException {
			while (this.socket.getInputStream().read() >= 0) {
				// Whatever it sends
			}
		}

		/**
		 * Reset the connection when the script ends.
		 * @throws IOException if that cannot be
		 */
		void reset() throws IOException {
			this.socket.setSoLinger(true, 0);
		}

	}

	/**
	 * What is done to a connection.
	 */
	@FunctionalInterface
	interface Script {

		void run(Connection connection) throws IOException;

	}

	/**
	 * What a thread does.
	 */
	@FunctionalInterface
	private interface Task {

		void run() throws IOException;

	}

}
