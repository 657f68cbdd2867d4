package io.clusterboot.posix;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

class NicenessTests {

	@Test
	void processStandsBackAndGetsItsPlaceAgain() throws Exception {
		Niceness niceness = Niceness.ofCurrentProcess();
		assumeThat(niceness.revocable()).as("a nice value can be taken back").isTrue();
		Process process = new ProcessBuilder("sleep", "60").start();
		try {
			assertThat(of(process)).isEqualTo(niceness.own());
			niceness.raise(process.pid());
			assertThat(of(process)).isEqualTo(niceness.own() + 5);
			niceness.raise(process.pid());
			assertThat(of(process)).isEqualTo(niceness.own() + 5);
			niceness.takeBack(process.pid(), (thread) -> !thread.equals("sleep"));
			assertThat(of(process)).isEqualTo(niceness.own() + 5);
			niceness.takeBack(process.pid(), (thread) -> true);
			assertThat(of(process)).isEqualTo(niceness.own());
			niceness.takeBack(process.pid(), (thread) -> true);
			assertThat(of(process)).isEqualTo(niceness.own());
		}
		finally {
			process.destroyForcibly();
		}
	}

	@Test
	void processWithANiceValueOfItsOwnKeepsIt() throws Exception {
		Niceness niceness = Niceness.ofCurrentProcess();
		Process process = new ProcessBuilder("nice", "-n", "3", "sleep", "60").start();
		try {
			await().atMost(Duration.ofSeconds(10)).until(() -> of(process) == niceness.own() + 3);
			niceness.raise(process.pid());
			assertThat(of(process)).isEqualTo(niceness.own() + 3);
			niceness.takeBack(process.pid(), (thread) -> true);
			assertThat(of(process)).isEqualTo(niceness.own() + 3);
		}
		finally {
			process.destroyForcibly();
		}
	}

	@Test
	void nothingIsRaisedThatCouldNotBeTakenBack() throws Exception {
		int own = Niceness.ofCurrentProcess().own();
		Process process = new ProcessBuilder("sleep", "60").start();
		try {
			new Niceness(own, false).raise(process.pid());
			assertThat(of(process)).isEqualTo(own);
		}
		finally {
			process.destroyForcibly();
		}
	}

	@Test
	void processThatIsGoneIsLeftAlone() throws Exception {
		Process process = new ProcessBuilder("true").start();
		assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
		Niceness.ofCurrentProcess().raise(process.pid());
	}

	@Test
	void threadThatAsksKeepsItsOwn() {
		int before = LibC.getpriority(LibC.PRIO_PROCESS, 0);
		Niceness.ofCurrentProcess();
		assertThat(LibC.getpriority(LibC.PRIO_PROCESS, 0)).isEqualTo(before);
	}

	private static int of(Process process) {
		return LibC.getpriority(LibC.PRIO_PROCESS, (int) process.pid());
	}

}
