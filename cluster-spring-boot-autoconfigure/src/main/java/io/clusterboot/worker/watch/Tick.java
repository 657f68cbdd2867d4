package io.clusterboot.worker.watch;

import java.time.Duration;

/**
 * The time between two looks at this JVM.
 *
 * @param elapsed what has passed
 * @param seen as much of that as there certainly was somebody to see it: a process that
 * was stopped, or a machine that was paused, has done nothing wrong meanwhile
 */
record Tick(Duration elapsed, Duration seen) {

	private static final Duration CREDIBLE = Duration.ofSeconds(2);

	private static final Duration PERIOD = Duration.ofSeconds(1);

	static Tick of(Duration elapsed) {
		return new Tick(elapsed, (elapsed.compareTo(CREDIBLE) > 0) ? PERIOD : elapsed);
	}

}
