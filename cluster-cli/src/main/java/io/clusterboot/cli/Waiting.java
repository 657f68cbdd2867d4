package io.clusterboot.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.clusterboot.control.ControlTimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Whether and how long the command waits for what it has begun.
 */
final class Waiting {

	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(200);

	@Option(names = "--no-wait", description = "Do not wait for the end.")
	private boolean noWait;

	@Spec(Spec.Target.MIXEE)
	private CommandSpec spec;

	private int timeout;

	@Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "600",
			description = "How long to wait for the end (default: ${DEFAULT-VALUE}); the exit code is 124 then, and it goes on.")
	void setTimeout(int seconds) {
		if (seconds < 1) {
			throw new ParameterException(this.spec.commandLine(), "--timeout is at least 1, not " + seconds);
		}
		this.timeout = seconds;
	}

	boolean isWanted() {
		return !this.noWait;
	}

	/**
	 * Look again and again.
	 * @param <T> what is looked for
	 * @param look returns it, or {@code null} if it is not there yet
	 * @param what what that is, for whoever waits in vain
	 * @return what was looked for
	 * @throws IOException if looking failed
	 */
	<T> T await(Look<T> look, String what) throws IOException {
		long begin = System.nanoTime();
		while (true) {
			T found = lookOnce(look);
			if (found != null) {
				return found;
			}
			if (System.nanoTime() - begin > Duration.ofSeconds(this.timeout).toNanos()) {
				throw new CommandFailure(ExitCode.TIMEOUT, "%s has not come within %d s".formatted(what, this.timeout));
			}
			LockSupport.parkNanos(PAUSE);
		}
	}

	// A primary that has not answered once may do so in time
	private static <T> @Nullable T lookOnce(Look<T> look) throws IOException {
		try {
			return look.look();
		}
		catch (ControlTimeoutException ex) {
			return null;
		}
	}

	/**
	 * Looks for something.
	 *
	 * @param <T> what
	 */
	interface Look<T> {

		@Nullable T look() throws IOException;

	}

}
