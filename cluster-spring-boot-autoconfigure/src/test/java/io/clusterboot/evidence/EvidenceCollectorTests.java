package io.clusterboot.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.clusterboot.contract.ExitEvidence;
import io.clusterboot.contract.ExitStatus;
import io.clusterboot.machine.OomKills;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EvidenceCollector}.
 */
class EvidenceCollectorTests {

	private static final long PID = 1L << 31;

	private static final ExitStatus KILLED = new ExitStatus(137);

	@TempDir
	private Path directory;

	private final ProcessBuilder builder = new ProcessBuilder("java", "-jar", "app.jar");

	private EvidenceCollector collector;

	@BeforeEach
	void start() throws IOException {
		this.builder.directory(this.directory.toFile());
		this.builder.environment().put("JAVA_TOOL_OPTIONS", "-Xmx1g '-XX:ErrorFile=a crash.log'");
		kills(1);
		this.collector = new EvidenceCollector(this.builder, new OomKills(this.directory.resolve("memory.events")),
				true);
	}

	@Test
	void collectWhenThereIsNothingIsNone() {
		assertThat(collect(KILLED)).isEqualTo(ExitEvidence.NONE);
	}

	@Test
	void collectWhenTheKernelKilledTellsIt() throws IOException {
		kills(2);
		assertThat(collect(new ExitStatus(1))).isEqualTo(ExitEvidence.NONE);
		assertThat(collect(KILLED)).isEqualTo(new ExitEvidence(false, true, null));
	}

	@Test
	void collectWhenItWasKilledOnPurposeDoesNotBlameTheKernel() throws IOException {
		kills(2);
		this.collector.killed();
		assertThat(collect(KILLED)).isEqualTo(ExitEvidence.NONE);
	}

	@Test
	void collectWhenItCrashedFindsTheFileThatAVariableNames() throws IOException {
		Path file = Files.writeString(this.directory.resolve("a crash.log"), "pid=" + PID + ", tid=1");
		assertThat(collect(new ExitStatus(134))).isEqualTo(new ExitEvidence(false, false, file.toString()));
	}

	@Test
	void collectWhenOutOfMemoryTellsIt() {
		assertThat(this.collector.collect(PID, new ExitStatus(3),
				List.of("Terminating due to java.lang.OutOfMemoryError: Java heap space")))
			.isEqualTo(new ExitEvidence(true, false, null));
	}

	private ExitEvidence collect(ExitStatus status) {
		return this.collector.collect(PID, status, List.of());
	}

	private void kills(int count) throws IOException {
		Files.writeString(this.directory.resolve("memory.events"), "oom_kill " + count + "\n");
	}

}
