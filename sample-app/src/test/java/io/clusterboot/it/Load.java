package io.clusterboot.it;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.clusterboot.it.load.Failure;
import io.clusterboot.it.load.LoadClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A {@link LoadClient} that runs as a process of its own, at the lowest priority: workers
 * that start need the processor more.
 */
final class Load implements AutoCloseable {

	private static final int REQUESTS_PER_SECOND = 200;

	private static final Duration LONGEST = Duration.ofMinutes(3);

	// What nobody stops, as the build itself was killed, ends all the same
	private static final Duration TIME = Duration.ofMinutes(10);

	private final Tool.Running running;

	private Load(Tool.Running running) {
		this.running = running;
	}

	/**
	 * Open a new connection for each request, as {@code ab} does.
	 * @param port the port
	 * @return more to say
	 */
	static Builder connecting(int port) {
		return new Builder(port, "connect");
	}

	/**
	 * Use a connection as long as the server likes, as {@code wrk} does.
	 * @param port the port
	 * @return more to say
	 */
	static Builder keepingAlive(int port) {
		return new Builder(port, "keep-alive");
	}

	/**
	 * Return where the classes of these tests are that need no library.
	 * @return the class path
	 */
	static String classes() {
		try {
			return Path.of(LoadClient.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Start a load that goes on until it is stopped: all that the machine can do, or what
	 * leaves it to whatever starts meanwhile.
	 * @param port the port
	 * @param concurrency how many clients
	 * @return the load
	 */
	static Load start(int port, int concurrency) {
		Duration pause = Duration.ofSeconds(1).multipliedBy(concurrency).dividedBy(REQUESTS_PER_SECOND);
		return connecting(port).concurrency(concurrency).pause(Nightly.isIt() ? Duration.ZERO : pause).start();
	}

	boolean isAlive() {
		return this.running.isAlive();
	}

	/**
	 * Stop a load without a number of requests, once those in flight have ended.
	 * @return what came of it
	 */
	Result stop() {
		assertThat(this.running.isAlive()).as("load goes on until it is stopped").isTrue();
		this.running.terminate();
		return await();
	}

	/**
	 * Wait until a load with a number of requests has ended.
	 * @return what came of it
	 */
	Result await() {
		return new Result(this.running.await(LONGEST).output());
	}

	@Override
	public void close() {
		this.running.close();
	}

	/**
	 * Says what to send.
	 */
	static final class Builder {

		private final List<String> command = new ArrayList<>();

		private Builder(int port, String mode) {
			this.command.addAll(List.of("nice", "-n", "19",
					Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
					"-XX:+UseSerialGC", "-Xmx64m", "-Xshare:auto", "-cp", classes(), LoadClient.class.getName(),
					"--port=" + port, "--mode=" + mode, "--seconds=" + TIME.toSeconds()));
		}

		Builder concurrency(int concurrency) {
			this.command.add("--concurrency=" + concurrency);
			return this;
		}

		Builder requests(int requests) {
			this.command.add("--requests=" + requests);
			return this;
		}

		/**
		 * Set how long a request may take. Ten seconds are what it has otherwise.
		 * @param deadline how long
		 * @return this
		 */
		Builder deadline(Duration deadline) {
			this.command.add("--deadline-millis=" + deadline.toMillis());
			return this;
		}

		/**
		 * Set how long each client waits between two requests. Without it none does.
		 * @param pause how long
		 * @return this
		 */
		Builder pause(Duration pause) {
			this.command.add("--pause-millis=" + pause.toMillis());
			return this;
		}

		Load start() {
			return new Load(Tool.start(this.command.toArray(String[]::new)));
		}

	}

	/**
	 * What came of it.
	 *
	 * @param complete how many requests ended
	 * @param failed how many of them without their answer
	 * @param slowest how long the slowest answer took, as seen by a client that may not
	 * have looked for as long as its output calls lag
	 * @param output what the client says
	 */
	record Result(int complete, int failed, Duration slowest, String output) {

		private Result(String output) {
			this(number("complete", output), number("failed", output),
					Duration.ofMillis(number("slowest.millis", output)), output);
		}

		int failed(Failure kind) {
			return number("failed." + kind.text(), this.output);
		}

		private static int number(String name, String output) {
			Matcher matcher = Pattern.compile("^" + Pattern.quote(name) + "=(\\d+)$", Pattern.MULTILINE)
				.matcher(output);
			assertThat(matcher.find()).as("'%s' in:%n%s", name, output).isTrue();
			return Integer.parseInt(matcher.group(1));
		}

	}

}
