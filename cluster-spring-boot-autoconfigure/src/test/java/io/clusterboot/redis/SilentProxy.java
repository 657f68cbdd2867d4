package io.clusterboot.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Passes connections on, until those that there are go silent: they stay open, and
 * nothing comes through.
 */
final class SilentProxy implements AutoCloseable {

	private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final int target;

	private volatile int silent;

	private volatile int count;

	SilentProxy(int target) throws IOException {
		this.target = target;
		start(this::accept);
	}

	int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Have all connections that there are go silent.
	 */
	void silence() {
		this.silent = this.count;
	}

	int connections() {
		return this.count;
	}

	private void accept() {
		try {
			while (true) {
				Socket client = this.server.accept();
				Socket redis = new Socket(InetAddress.getLoopbackAddress(), this.target);
				this.sockets.addAll(List.of(client, redis));
				int number = ++this.count;
				start(() -> pass(client, redis, number));
				start(() -> pass(redis, client, number));
			}
		}
		catch (IOException ex) {
			// Closed
		}
	}

	private void pass(Socket from, Socket to, int number) {
		byte[] buffer = new byte[8192];
		try {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
				if (number > this.silent) {
					out.write(buffer, 0, read);
				}
			}
			if (number > this.silent) {
				to.close();
			}
		}
		catch (IOException ex) {
			// Closed
		}
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "silent-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

}
