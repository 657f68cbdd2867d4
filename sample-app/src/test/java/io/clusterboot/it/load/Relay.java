package io.clusterboot.it.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Passes bytes on, and adds nothing that would show it.
 */
public final class Relay {

	private Relay() {
	}

	/**
	 * Run until killed. Prints its port.
	 * @param args the port of the server
	 * @throws IOException if there is no port
	 */
	public static void main(String[] args) throws IOException {
		int port = Integer.parseInt(args[0]);
		try (ServerSocket socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
			System.out.println(socket.getLocalPort());
			while (true) {
				Socket client = socket.accept();
				Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
				start(client, server);
				start(server, client);
			}
		}
	}

	private static void start(Socket from, Socket to) {
		new Thread(() -> {
			try (from; to) {
				from.getInputStream().transferTo(to.getOutputStream());
			}
			catch (IOException ex) {
				// One of the two has gone
			}
		}).start();
	}

}
