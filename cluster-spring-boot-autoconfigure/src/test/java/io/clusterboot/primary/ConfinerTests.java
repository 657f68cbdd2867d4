package io.clusterboot.primary;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;

import io.clusterboot.contract.Precedence;
import io.clusterboot.posix.Niceness;
import io.clusterboot.posix.Processors;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests for {@link Confiner}.
 */
class ConfinerTests {

	private final Confiner confiner = new Confiner();

	@Test
	void whatAProcessHasStartedMeanwhileStandsBackNoLongerThanItself() throws Exception {
		assumeThat(Niceness.ofCurrentProcess().revocable()).as("a priority can be taken back").isTrue();
		Process shell = new ProcessBuilder("sh", "-c", "read line; sleep 60 & echo $!; wait").start();
		try (BufferedReader output = shell.inputReader()) {
			this.confiner.confine(shell.pid(), Precedence.LAST);
			shell.getOutputStream().write('\n');
			shell.getOutputStream().flush();
			long child = Long.parseLong(output.readLine());
			try {
				assertThat(policy(shell.pid())).isEqualTo("IDL");
				assertThat(policy(child)).isEqualTo("IDL");
				this.confiner.confine(shell.pid(), Precedence.COMPILERS_LATER);
				assertThat(policy(shell.pid())).isEqualTo("TS");
				assertThat(policy(child)).isEqualTo("TS");
			}
			finally {
				ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
			}
		}
		finally {
			shell.destroyForcibly();
		}
	}

	@Test
	void startThatIsLetInHasHalfOfTheProcessorsUntilItIsReady() throws Exception {
		Processors all = Processors.of(ProcessHandle.current().pid());
		assumeThat(all.count()).isGreaterThan(1);
		Process process = new ProcessBuilder("sleep", "60").start();
		try {
			this.confiner.confine(process.pid(), Precedence.LAST);
			this.confiner.confine(process.pid(), Precedence.BESIDE);
			assertThat(policy(process.pid())).isEqualTo("TS");
			assertThat(Processors.of(process.pid()).count()).isEqualTo(all.count() / 2);
			this.confiner.confine(process.pid(), Precedence.EQUAL);
			assertThat(Processors.of(process.pid())).isEqualTo(all);
		}
		finally {
			process.destroyForcibly();
		}
	}

	@Test
	void processThatIsGoneIsLeftAlone() throws Exception {
		Process process = new ProcessBuilder("true").start();
		process.waitFor();
		this.confiner.confine(process.pid(), Precedence.LAST);
		assertThat(Processors.of(process.pid()).count()).isZero();
	}

	// See CLS in ps(1)
	private static String policy(long pid) throws Exception {
		Process ps = new ProcessBuilder("ps", "-o", "cls=", "-p", Long.toString(pid)).start();
		return new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
	}

}
