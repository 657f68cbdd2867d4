package io.clusterboot.posix;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

class NicenessTests {

	private static final Predicate<String> ALL = (thread) -> true;

	private final Niceness niceness = Niceness.ofCurrentProcess();

	@Test
	void processStandsBackAndGetsItsPlaceAgain() throws Exception {
		assumeThat(this.niceness.revocable()).as("a nice value can be taken back").isTrue();
		try (Sleep process = new Sleep()) {
			process.has(LibC.SCHED_OTHER, 0);
			this.niceness.give(process.pid(), Niceness.Level.IDLE, ALL);
			process.has(LibC.SCHED_IDLE, 0);
			this.niceness.give(process.pid(), Niceness.Level.HIGHER, (thread) -> !thread.equals("sleep"));
			process.has(LibC.SCHED_IDLE, 0);
			this.niceness.give(process.pid(), Niceness.Level.HIGHER, (thread) -> thread.equals("sleep"));
			process.has(LibC.SCHED_OTHER, 5);
			this.niceness.give(process.pid(), Niceness.Level.NONE, ALL);
			process.has(LibC.SCHED_OTHER, 0);
		}
	}

	@Test
	void processWithANiceValueOfItsOwnKeepsIt() throws Exception {
		try (Sleep process = new Sleep("nice", "-n", "3")) {
			this.niceness.give(process.pid(), Niceness.Level.IDLE, ALL);
			process.has(LibC.SCHED_OTHER, 3);
			this.niceness.give(process.pid(), Niceness.Level.NONE, ALL);
			process.has(LibC.SCHED_OTHER, 3);
		}
	}

	@Test
	void nothingIsGivenThatCouldNotBeTakenBack() throws Exception {
		try (Sleep process = new Sleep()) {
			new Niceness(this.niceness.own(), false).give(process.pid(), Niceness.Level.IDLE, ALL);
			process.has(LibC.SCHED_OTHER, 0);
		}
	}

	@Test
	void processThatIsGoneIsLeftAlone() throws Exception {
		Process process = new ProcessBuilder("true").start();
		assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
		this.niceness.give(process.pid(), Niceness.Level.IDLE, ALL);
	}

	@Test
	void threadThatAsksKeepsItsOwn() {
		int policy = LibC.sched_getscheduler(0);
		int niceValue = LibC.getpriority(LibC.PRIO_PROCESS, 0);
		Niceness.ofCurrentProcess();
		assertThat(LibC.sched_getscheduler(0)).isEqualTo(policy);
		assertThat(LibC.getpriority(LibC.PRIO_PROCESS, 0)).isEqualTo(niceValue);
	}

	private final class Sleep implements AutoCloseable {

		private final Process process;

		Sleep(String... prefix) throws Exception {
			ProcessBuilder builder = new ProcessBuilder(prefix);
			builder.command().add("sleep");
			builder.command().add("60");
			this.process = builder.start();
			await().atMost(Duration.ofSeconds(10)).until(() -> ProcessThreads.name(pid(), (int) pid()).equals("sleep"));
		}

		long pid() {
			return this.process.pid();
		}

		void has(int policy, int steps) {
			assertThat(LibC.sched_getscheduler((int) pid())).isEqualTo(policy);
			assertThat(LibC.getpriority(LibC.PRIO_PROCESS, (int) pid()))
				.isEqualTo(NicenessTests.this.niceness.own() + steps);
		}

		@Override
		public void close() {
			this.process.destroyForcibly();
		}

	}

}
