package io.clusterboot.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A command that runs to its end: a load generator, {@code curl}, {@code kill}.
 *
 * @param exitCode its exit code
 * @param output what it printed
 */
record Tool(int exitCode, String output) {

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

	static Tool tryRun(String... command) {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			process.getOutputStream().close();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			return new Tool(process.waitFor(), output);
		}
		catch (IOException ex) {
			throw new IllegalStateException("Cannot run " + command[0], ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Run a command in the background.
	 * @param command the command
	 * @return its result to come
	 */
	static CompletableFuture<Tool> start(String... command) {
		CompletableFuture<Tool> result = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				result.complete(tryRun(command));
			}
			catch (RuntimeException ex) {
				result.completeExceptionally(ex);
			}
		}, "tool-" + command[0]);
		thread.setDaemon(true);
		thread.start();
		return result;
	}

}
