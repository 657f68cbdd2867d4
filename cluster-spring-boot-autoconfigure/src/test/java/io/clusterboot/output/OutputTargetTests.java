package io.clusterboot.output;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OutputTarget}.
 */
class OutputTargetTests {

	private final ByteArrayOutputStream written = new ByteArrayOutputStream();

	private final OutputTarget target = new OutputTarget(new PrintStream(this.written));

	private final Object writer = "one";

	@Test
	void writeWhenWriterHasBegunALineGoesOnWithIt() {
		write(this.writer, "Loading .");
		write(this.writer, ".");
		write(this.writer, " done\n");
		assertThat(text()).isEqualTo("Loading .. done\n");
	}

	@Test
	void writeWhenSomebodyElseHasBegunALineEndsThatFirst() {
		write(this.writer, "Loading .");
		write("two", "whole line\n");
		write(this.writer, ". done\n");
		assertThat(text()).isEqualTo("Loading .\nwhole line\n. done\n");
	}

	@Test
	void writeWhenPreviousLineIsEndedAddsNothing() {
		write(this.writer, "a\nb\n");
		write("two", "c\n");
		assertThat(text()).isEqualTo("a\nb\nc\n");
	}

	@Test
	void logWhenWorkerHasBegunALineHasALineOfItsOwn() {
		write(this.writer, "Loading .");
		PrimaryLog log = new PrimaryLog(this.target, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), 1, "app", true);
		log.warn("text");
		log.flush();
		write(this.writer, ". done\n");
		assertThat(text().lines()).hasSize(3)
			.startsWith("Loading .")
			.endsWith(". done")
			.element(1)
			.asString()
			.startsWith("{")
			.endsWith("}");
	}

	private void write(Object writer, String text) {
		this.target.write(writer, text.getBytes(StandardCharsets.UTF_8), text.length());
	}

	private String text() {
		return this.written.toString(StandardCharsets.UTF_8);
	}

}
