package io.clusterboot.redis;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * A Redis of a test's own, which keeps nothing on disk. The test is skipped where there
 * is none.
 */
final class RedisServer implements AutoCloseable {

	private static final String COMMAND = "redis-server";

	private final Path directory;

	private final int port;

	private Process process;

	RedisServer(Path directory) throws IOException {
		Assumptions.assumeTrue(isInstalled(), () -> COMMAND + " is not installed");
		this.directory = directory;
		this.port = freePort();
	}

	private static boolean isInstalled() {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.anyMatch((entry) -> Files.isExecutable(Path.of(entry, COMMAND)));
	}

	static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	int port() {
		return this.port;
	}

	RedisServer start(String... options) throws IOException {
		List<String> command = new ArrayList<>(List.of(COMMAND, "--port", String.valueOf(this.port), "--bind",
				"127.0.0.1", "--save", "", "--appendonly", "no", "--dir", this.directory.toString()));
		command.addAll(List.of(options));
		this.process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("redis.log").toFile())
			.start();
		Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
			try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
				return socket.isConnected();
			}
		});
		return this;
	}

	/**
	 * Say something to Redis.
	 * @param command the command
	 * @throws IOException if it does not hear it
	 */
	void tell(String command) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
			if (socket.getInputStream().read() == '-') {
				throw new IOException(command);
			}
		}
	}

	void pause() throws Exception {
		signal("STOP");
	}

	void resume() throws Exception {
		signal("CONT");
	}

	private void signal(String name) throws Exception {
		List<String> command = List.of("kill", "-" + name, String.valueOf(this.process.pid()));
		if (new ProcessBuilder(command).start().waitFor() != 0) {
			throw new IllegalStateException(String.join(" ", command));
		}
	}

	void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

	@Override
	public void close() {
		if (this.process != null) {
			this.process.destroyForcibly();
		}
	}

}
