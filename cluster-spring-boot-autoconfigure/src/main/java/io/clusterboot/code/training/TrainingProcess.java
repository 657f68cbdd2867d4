package io.clusterboot.code.training;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.clusterboot.command.WorkerLaunch;
import io.clusterboot.contract.ExitStatus;
import io.clusterboot.posix.LowPriority;
import org.jspecify.annotations.Nullable;

/**
 * Runs one process after the other, behind everything else on the machine, until they
 * have used up their time or are no longer wanted.
 */
final class TrainingProcess {

	// HUP, INT and TERM, which somebody sends to end it all, as ^C does in a terminal
	private static final Set<Integer> ENDED = Set.of(129, 130, 143);

	private static final File NOTHING = new File("/dev/null");

	private final Path directory;

	private final Set<String> removed;

	private final Duration limit;

	private final boolean behind;

	private final long started = System.nanoTime();

	private boolean cancelled;

	private @Nullable Process process;

	private @Nullable String priority;

	/**
	 * Create a runner.
	 * @param directory the working directory
	 * @param removed the environment variables that the processes do not get
	 * @param limit the time that all of them have together
	 * @param behind whether everything else on the machine goes first
	 */
	TrainingProcess(Path directory, Set<String> removed, Duration limit, boolean behind) {
		this.directory = directory;
		this.removed = Set.copyOf(removed);
		this.limit = limit;
		this.behind = behind;
	}

	/**
	 * Run a process until it ends.
	 * @param launch its command and the variables that it gets in addition
	 * @param output where its output goes
	 * @return why it is no success, or {@code null} if it ended with exit code 0
	 * @throws IOException if it cannot be started
	 * @throws InterruptedException if the thread is interrupted
	 */
	@Nullable String run(WorkerLaunch launch, Path output) throws IOException, InterruptedException {
		Process started = start(launch, output);
		if (started == null) {
			return "it is not wanted any more";
		}
		if (!started.waitFor(left(), TimeUnit.NANOSECONDS)) {
			started.destroyForcibly().waitFor();
			return "it was not done after " + this.limit.toSeconds() + " s";
		}
		int code = started.exitValue();
		if (ENDED.contains(code)) {
			cancel();
		}
		return (code != 0) ? new ExitStatus(code).describe() : null;
	}

	/**
	 * End the process that runs and start no other one.
	 */
	synchronized void cancel() {
		this.cancelled = true;
		if (this.process != null) {
			this.process.destroyForcibly();
		}
	}

	/**
	 * Return whether nothing more can be run.
	 * @return whether the time is used up, or it is no longer wanted
	 */
	boolean isLate() {
		return isCancelled() || left() <= 0;
	}

	private long left() {
		return this.limit.toNanos() - (System.nanoTime() - this.started);
	}

	synchronized boolean isCancelled() {
		return this.cancelled;
	}

	/**
	 * Return the priority that the last process got.
	 * @return the priority, or {@code null} if it was the one that was wanted
	 */
	synchronized @Nullable String priority() {
		return this.priority;
	}

	private synchronized @Nullable Process start(WorkerLaunch launch, Path output) throws IOException {
		if (this.cancelled) {
			return null;
		}
		List<String> command = launch.isTooLong() ? launch.command(output.getParent()) : launch.command();
		ProcessBuilder builder = new ProcessBuilder(command).directory(this.directory.toFile())
			.redirectInput(NOTHING)
			.redirectErrorStream(true)
			.redirectOutput(output.toFile());
		Map<String, String> environment = builder.environment();
		environment.keySet().removeAll(this.removed);
		environment.putAll(launch.variables());
		this.process = builder.start();
		if (this.behind) {
			this.priority = LowPriority.give(this.process.pid());
		}
		return this.process;
	}

}
