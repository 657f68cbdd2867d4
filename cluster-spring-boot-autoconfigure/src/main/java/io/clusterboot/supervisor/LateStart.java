package io.clusterboot.supervisor;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import io.clusterboot.WorkerState;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Says why a worker is not ready in time, as far as that can be seen.
 */
final class LateStart {

	// Of the application and its frameworks, beside the one that the thread is in
	private static final int FRAMES = 4;

	// From where on all stacks are alike
	private static final String FRAMEWORK = "org.springframework.boot.SpringApplication.";

	private static final List<String> JDK = List.of("java.", "jdk.", "sun.");

	private static final List<String> MIGRATIONS = List.of("org.flywaydb.core.", "liquibase.");

	private static final String LOCKED = "; it was migrating its database, where it may leave a lock that the next one "
			+ "waits for: see the documentation of Flyway or Liquibase";

	private LateStart() {
	}

	/**
	 * Describe it.
	 * @param worker the worker
	 * @param late when its time was over
	 * @param threadDump what its threads do, or {@code null} if that is not known
	 * @return the reason
	 */
	static String describe(Worker worker, Instant late, @Nullable String threadDump) {
		String reason = "not ready within " + Workers.seconds(worker.age(late));
		if (worker.state() == WorkerState.FORKED) {
			return reason;
		}
		List<String> main = (threadDump != null) ? main(threadDump) : List.of();
		if (worker.prepared() != null) {
			return reason + ": its web server was up, but the application refuses traffic";
		}
		return reason + where(worker, threadDump == null || !main.isEmpty())
				+ (main.isEmpty() ? "" : "; main is in " + String.join(" < ", main))
				+ (isMigrating(threadDump) ? LOCKED : "");
	}

	private static boolean isMigrating(@Nullable String threadDump) {
		return threadDump != null && MIGRATIONS.stream().anyMatch(threadDump::contains);
	}

	private static String where(Worker worker, boolean busy) {
		if (worker.state() == WorkerState.ONLINE) {
			return ": its web server was not up yet";
		}
		return ": its web server was up, but the application never became ready (ACCEPTING_TRAFFIC)"
				+ ((busy) ? ": a runner or listener has not returned" : "");
	}

	private static List<String> main(String threadDump) {
		List<String> frames = threadDump.lines()
			.dropWhile((line) -> !line.startsWith("\"main\" "))
			.skip(1)
			.takeWhile((line) -> !line.isBlank())
			.map(String::trim)
			.filter((line) -> line.startsWith("at "))
			.map((line) -> line.substring("at ".length()))
			.takeWhile((frame) -> !frame.contains(FRAMEWORK))
			.toList();
		return Stream
			.concat(frames.stream().limit(1), frames.stream().skip(1).filter((frame) -> !isOfJdk(frame)).limit(FRAMES))
			.toList();
	}

	private static boolean isOfJdk(String frame) {
		// java.base/java.lang.Thread.sleep, or with the loader's name: app//br.App.main
		String name = frame.substring(frame.lastIndexOf('/', frame.indexOf('(')) + 1);
		return JDK.stream().anyMatch(name::startsWith);
	}

}
