package io.clusterboot.contract;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ExitStatus}.
 */
class ExitStatusTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			0   | exit code 0
			3   | exit code 3
			128 | exit code 128
			129 | SIGHUP (exit code 129)
			130 | SIGINT (exit code 130)
			134 | SIGABRT (exit code 134)
			137 | SIGKILL (exit code 137)
			139 | SIGSEGV (exit code 139)
			140 | SIGUSR2 (exit code 140)
			143 | SIGTERM (exit code 143)
			159 | SIGSYS (exit code 159)
			160 | exit code 160
			255 | exit code 255
			""")
	void describeNamesTheSignal(int code, String description) {
		assertThat(new ExitStatus(code).describe()).isEqualTo(description);
		assertThat(new ExitStatus(code)).hasToString(description);
	}

	@Test
	void describeWhenARealProcessWasKilledSaysSo() throws IOException, InterruptedException {
		Process process = new ProcessBuilder("sh", "-c", "kill -9 $$").start();
		assertThat(new ExitStatus(process.waitFor())).hasToString("SIGKILL (exit code 137)");
	}

}
