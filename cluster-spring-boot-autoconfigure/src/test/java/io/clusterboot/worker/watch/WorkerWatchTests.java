package io.clusterboot.worker.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.clusterboot.IncidentCause;
import io.clusterboot.channel.Message;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link WorkerWatch}.
 */
class WorkerWatchTests {

	private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1000);

	private final List<Message.Unhealthy> reported = new ArrayList<>();

	private final StubDetector deadlock = new StubDetector(IncidentCause.DEADLOCK);

	private final StubDetector stall = new StubDetector(IncidentCause.STALL);

	private int refusals;

	private final WorkerWatch watch = new WorkerWatch(List.of(this.deadlock, this.stall), () -> "dump", this::report,
			this.clock::get);

	@Test
	void runReportsEachCauseOnce() {
		run(Duration.ofSeconds(1));
		assertThat(this.reported).isEmpty();
		this.stall.found = "Stalled";
		run(Duration.ofSeconds(1));
		run(Duration.ofSeconds(1));
		this.deadlock.found = "Deadlocked";
		run(Duration.ofSeconds(1));
		run(Duration.ofSeconds(1));
		assertThat(this.reported).containsExactly(new Message.Unhealthy(IncidentCause.STALL, "Stalled", "dump"),
				new Message.Unhealthy(IncidentCause.DEADLOCK, "Deadlocked", "dump"));
	}

	@Test
	void runWhenThereMayBeMoreToFindAsksAgain() {
		this.deadlock.goesOn = true;
		this.deadlock.found = "One deadlock";
		run(Duration.ofSeconds(1));
		this.deadlock.found = null;
		run(Duration.ofSeconds(1));
		this.deadlock.found = "Another deadlock";
		run(Duration.ofSeconds(1));
		assertThat(this.reported).extracting(Message.Unhealthy::detail)
			.containsExactly("One deadlock", "Another deadlock");
	}

	@Test
	void runWhenADetectorFailsAsksTheOthersAndItAgain() {
		this.deadlock.failure = new OutOfMemoryError("Simulated");
		this.stall.found = "Stalled";
		run(Duration.ofSeconds(1));
		assertThat(this.reported).extracting(Message.Unhealthy::cause).containsExactly(IncidentCause.STALL);
		this.deadlock.failure = null;
		this.deadlock.found = "Deadlocked";
		run(Duration.ofSeconds(1));
		assertThat(this.reported).extracting(Message.Unhealthy::cause)
			.containsExactly(IncidentCause.STALL, IncidentCause.DEADLOCK);
	}

	@Test
	void runWhenItCouldNotBeReportedReportsItLater() {
		this.refusals = 1;
		this.stall.found = "Stalled";
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> run(Duration.ofSeconds(1)));
		run(Duration.ofSeconds(1));
		run(Duration.ofSeconds(1));
		assertThat(this.reported).hasSize(1);
	}

	@Test
	void runWhenThereIsNoThreadDumpReportsWithoutIt() {
		WorkerWatch withoutDump = new WorkerWatch(List.of(this.stall), () -> {
			throw new NoClassDefFoundError("Simulated");
		}, this::report, this.clock::get);
		this.stall.found = "Stalled";
		withoutDump.run();
		assertThat(this.reported).containsExactly(new Message.Unhealthy(IncidentCause.STALL, "Stalled", null));
	}

	@Test
	void runTellsHowMuchTimeWasSeen() {
		run(Duration.ofMillis(1010));
		run(Duration.ofSeconds(90));
		assertThat(this.stall.ticks).containsExactly(new Tick(Duration.ofMillis(1010), Duration.ofMillis(1010)),
				new Tick(Duration.ofSeconds(90), Duration.ofSeconds(1)));
	}

	@Test
	void runWhenDetailIsEndlessCutsIt() {
		this.stall.found = "x".repeat(100_000);
		run(Duration.ofSeconds(1));
		assertThat(this.reported).singleElement()
			.satisfies((unhealthy) -> assertThat(unhealthy.detail()).hasSizeLessThan(3000).endsWith("x..."));
	}

	private void run(Duration elapsed) {
		this.clock.addAndGet(elapsed.toNanos());
		this.watch.run();
	}

	private void report(Message.Unhealthy unhealthy) {
		if (this.refusals-- > 0) {
			throw new OutOfMemoryError("Simulated");
		}
		this.reported.add(unhealthy);
	}

	/**
	 * Finds what a test says.
	 */
	private static final class StubDetector implements Detector {

		private final IncidentCause cause;

		private final List<Tick> ticks = new ArrayList<>();

		private @Nullable String found;

		private @Nullable Error failure;

		private boolean goesOn;

		private StubDetector(IncidentCause cause) {
			this.cause = cause;
		}

		@Override
		public IncidentCause cause() {
			return this.cause;
		}

		@Override
		public @Nullable String look(Tick tick) {
			this.ticks.add(tick);
			if (this.failure != null) {
				throw this.failure;
			}
			return this.found;
		}

		@Override
		public boolean goesOn() {
			return this.goesOn;
		}

	}

}
