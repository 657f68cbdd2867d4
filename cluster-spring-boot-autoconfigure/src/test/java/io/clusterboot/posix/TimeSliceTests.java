package io.clusterboot.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

class TimeSliceTests {

	@Test
	void processHasALongOneAndItsNicenessUntilItGetsTheUsualOneBack() throws Exception {
		Process process = new ProcessBuilder("nice", "-n", "3", "sleep", "60").start();
		try {
			int pid = (int) process.pid();
			Awaitility.await().until(() -> niceness(pid).equals("3"));
			long usual = TimeSlice.of(pid);
			assumeThat(usual).as("told since Linux 6.12").isPositive();
			TimeSlice.LONG.give(pid, (thread) -> thread.equals("another"));
			assertThat(TimeSlice.of(pid)).isEqualTo(usual);
			TimeSlice.LONG.give(pid, (thread) -> true);
			assertThat(TimeSlice.of(pid)).isEqualTo(100_000_000);
			assertThat(niceness(pid)).isEqualTo("3");
			TimeSlice.USUAL.give(pid, (thread) -> true);
			assertThat(TimeSlice.of(pid)).isEqualTo(usual);
		}
		finally {
			process.destroyForcibly();
		}
	}

	@Test
	void processThatIsGoneCanBeGivenNone() throws IOException, InterruptedException {
		Process process = new ProcessBuilder("true").start();
		assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
		TimeSlice.LONG.give(process.pid(), (thread) -> true);
	}

	private static String niceness(int pid) throws IOException {
		Process ps = new ProcessBuilder("ps", "-o", "ni=", "-p", String.valueOf(pid)).start();
		return new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
	}

}
