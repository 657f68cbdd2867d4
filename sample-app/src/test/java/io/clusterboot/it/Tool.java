package io.clusterboot.it;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A command that runs to its end: a load generator, {@code curl}, {@code kill}.
 *
 * @param exitCode its exit code
 * @param output what it printed
 */
record Tool(int exitCode, String output) {

	/**
	 * What runs a command as somebody who owns nothing.
	 */
	static final List<String> AS_NOBODY = List.of("setpriv", "--reuid=65000", "--regid=65000", "--clear-groups");

	private static final Duration LIMIT = Duration.ofMinutes(4);

	/**
	 * Run a command that must succeed.
	 * @param command the command
	 * @return its result
	 */
	static Tool run(String... command) {
		Tool result = tryRun(command);
		assertThat(result.exitCode()).as(String.join(" ", command) + "\n" + result.output()).isZero();
		return result;
	}

	/**
	 * Return whether there is such a command.
	 * @param command its name
	 * @return whether it can be run
	 */
	static boolean isInstalled(String command) {
		return search(command).isPresent();
	}

	/**
	 * Find a command that is installed.
	 * @param command its name
	 * @return where it is
	 */
	static Path find(String command) {
		return search(command).orElseThrow();
	}

	private static Optional<Path> search(String command) {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.map((directory) -> Path.of(directory, command))
			.filter(Files::isExecutable)
			.findFirst();
	}

	/**
	 * Skip the test where a command is missing.
	 * @param commands their names
	 */
	static void assumeInstalled(String... commands) {
		for (String command : commands) {
			Assumptions.assumeTrue(isInstalled(command), () -> command + " is not installed");
		}
	}

	/**
	 * Skip the test where nothing can be run as somebody else.
	 * @throws IOException if it is not known who this is
	 */
	static void assumeUsersCanBeSwitched() throws IOException {
		Assumptions.assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "not root");
		assumeInstalled("setpriv");
		Assumptions.assumeTrue(
				tryRun(Stream.concat(AS_NOBODY.stream(), Stream.of("true")).toArray(String[]::new)).exitCode() == 0,
				"no other user allowed");
	}

	static Tool tryRun(String... command) {
		try (Running running = start(command)) {
			return running.await(LIMIT);
		}
	}

	/**
	 * Start a command in the background.
	 * @param command the command
	 * @return the running command
	 */
	static Running start(String... command) {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectInput(new File("/dev/null"))
				.start();
			return new Running(process, CompletableFuture.supplyAsync(() -> read(process), Tool::run));
		}
		catch (IOException ex) {
			throw new IllegalStateException("Cannot run " + command[0], ex);
		}
	}

	private static Tool read(Process process) {
		try (InputStream output = process.getInputStream()) {
			String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
			return new Tool(process.waitFor(), text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static void run(Runnable task) {
		Thread thread = new Thread(task, "tool");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * A command that runs in the background. Closing it kills it.
	 *
	 * @param process its process
	 * @param result its result to come
	 */
	record Running(Process process, CompletableFuture<Tool> result) implements AutoCloseable {

		boolean isAlive() {
			return this.process.isAlive();
		}

		/**
		 * End the command as ^C does.
		 */
		void interrupt() {
			ClusterProcess.signal(this.process.pid(), "INT");
		}

		/**
		 * Ask the command to end.
		 */
		void terminate() {
			// Not destroy() of the process itself, which closes its output
			this.process.toHandle().destroy();
		}

		Tool await(Duration timeout) {
			assertThat(this.result).succeedsWithin(timeout);
			return this.result.join();
		}

		@Override
		public void close() {
			this.process.destroyForcibly();
		}

	}

}
