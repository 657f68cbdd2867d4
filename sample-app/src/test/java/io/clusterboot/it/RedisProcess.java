package io.clusterboot.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;

import org.awaitility.Awaitility;

/**
 * A Redis of a test's own, which keeps nothing on disk. The test is skipped where there
 * is none.
 */
final class RedisProcess implements AutoCloseable {

	private static final String COMMAND = "redis-server";

	private final Path directory;

	private final int port = ClusterLauncher.freePort();

	private Tool.Running process;

	RedisProcess(Path directory) {
		Tool.assumeInstalled(COMMAND);
		this.directory = directory;
		start();
	}

	void start() {
		this.process = Tool.start(COMMAND, "--port", String.valueOf(this.port), "--bind", "127.0.0.1", "--save", "",
				"--appendonly", "no", "--dir", this.directory.toString());
		Awaitility.await("Redis").atMost(Duration.ofSeconds(20)).until(this::accepts);
	}

	private boolean accepts() {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	int port() {
		return this.port;
	}

	void signal(String name) {
		ClusterProcess.signal(this.process.process().pid(), name);
	}

	void kill() throws InterruptedException {
		this.process.process().destroyForcibly().waitFor();
	}

	@Override
	public void close() {
		this.process.close();
	}

}
