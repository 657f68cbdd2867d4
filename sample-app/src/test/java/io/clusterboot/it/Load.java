package io.clusterboot.it;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code ab}, which opens a new connection for every request, until it is stopped.
 */
final class Load implements AutoCloseable {

	private static final Pattern COMPLETE = Pattern.compile("Complete requests: +(\\d+)");

	private static final Pattern FAILED = Pattern.compile("Failed requests: +(\\d+)");

	private static final Pattern KINDS = Pattern
		.compile("\\(Connect: (\\d+), Receive: (\\d+), Length: (\\d+), Exceptions: (\\d+)\\)");

	private static final Pattern STATUS = Pattern.compile("Non-2xx responses: +(\\d+)");

	private final Tool.Running running;

	private Load(Tool.Running running) {
		this.running = running;
	}

	static Load start(int port, int concurrency) {
		return new Load(Tool.start("ab", "-q", "-r", "-t", "600", "-n", "5000000", "-c", Integer.toString(concurrency),
				"http://127.0.0.1:" + port + "/"));
	}

	/**
	 * Stop as ^C does.
	 * @return what came of it
	 */
	Result stop() {
		assertThat(this.running.isAlive()).as("ab goes on until it is stopped").isTrue();
		this.running.interrupt();
		String output = this.running.await(Duration.ofSeconds(30)).output();
		assertThat(output).contains("Complete requests");
		return new Result(number(COMPLETE, output), failed(output), output);
	}

	private static int failed(String output) {
		Matcher kinds = KINDS.matcher(output);
		if (!kinds.find()) {
			return number(FAILED, output) + number(STATUS, output);
		}
		// One connection that is reset counts as each of them, and a response with
		// another
		// status has another length
		return group(kinds, 1) + IntStream.of(group(kinds, 2), group(kinds, 3), group(kinds, 4), number(STATUS, output))
			.max()
			.getAsInt();
	}

	private static int number(Pattern pattern, String output) {
		Matcher matcher = pattern.matcher(output);
		return (matcher.find()) ? group(matcher, 1) : 0;
	}

	private static int group(Matcher matcher, int group) {
		return Integer.parseInt(matcher.group(group));
	}

	@Override
	public void close() {
		this.running.close();
	}

	/**
	 * What came of it.
	 *
	 * @param complete how many requests ended
	 * @param failed how many of them without their answer
	 * @param output what {@code ab} says
	 */
	record Result(int complete, int failed, String output) {

	}

}
