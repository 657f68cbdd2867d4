package io.clusterboot.code.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TrainingOutput}.
 */
class TrainingOutputTests {

	@TempDir
	private Path directory;

	@Test
	void tellingLineWhenFailureWasAnalyzedIsTheDescription() throws IOException {
		assertThat(tellingLine("Caused by: x\nAPPLICATION FAILED TO START\n\nDescription:\n\nPort 8080 is taken.\n\n"
				+ "Action:\n\nStop it.\n"))
			.isEqualTo("Port 8080 is taken.");
	}

	@Test
	void tellingLineWhenExceptionHasCausesIsTheLastCause() throws IOException {
		assertThat(tellingLine("Exception in thread \"main\" a.B: first\n\tat a.B.c(B.java:1)\nCaused by: a.B: second\n"
				+ "Caused by: java.net.ConnectException: refused\n\t... 3 more\nbye\n"))
			.isEqualTo("Caused by: java.net.ConnectException: refused");
	}

	@Test
	void tellingLineWhenJvmRefusesAnOptionIsItsError() throws IOException {
		assertThat(tellingLine("Picked up JAVA_TOOL_OPTIONS: -Dmy.Error=1\nError: Could not create the JVM.\nSorry.\n"))
			.isEqualTo("Error: Could not create the JVM.");
	}

	@Test
	void tellingLineWhenNothingLooksLikeAnErrorIsTheLast() throws IOException {
		assertThat(tellingLine("one\ntwo\n[1.2s][warning][cds] Skipping a/B: Failed verification\n\n"))
			.isEqualTo("two");
	}

	@Test
	void tellingLineWhenThereIsNoOutputIsNone() throws IOException {
		assertThat(tellingLine("")).isNull();
		assertThat(TrainingOutput.tellingLine(this.directory.resolve("missing"))).isNull();
	}

	@Test
	void tellingLineWhenLineIsLongIsShortened() throws IOException {
		assertThat(tellingLine("x".repeat(1000))).hasSizeLessThan(300).endsWith("…");
	}

	private String tellingLine(String output) throws IOException {
		return TrainingOutput.tellingLine(Files.writeString(this.directory.resolve("output"), output));
	}

}
