package io.clusterboot.output;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

import io.clusterboot.posix.Pipe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerStream}.
 */
@Timeout(60)
class WorkerStreamTests {

	private final ByteArrayOutputStream written = new ByteArrayOutputStream();

	private final LastLines lines = new LastLines();

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(1024);

	private OutputStream worker;

	private WorkerStream stream;

	@BeforeEach
	void open() throws IOException {
		Pipe pipe = Pipe.open();
		this.worker = new FileOutputStream(pipe.writer());
		pipe.closeWriter();
		this.stream = new WorkerStream(pipe, new OutputTarget(new PrintStream(this.written)), this.lines::add);
	}

	@AfterEach
	void close() throws IOException {
		this.worker.close();
		this.stream.close();
	}

	@Test
	void pumpWhenLineIsNotEndedWaitsForItsEnd() throws IOException {
		pump("one\ntw", 0);
		assertThat(text()).isEqualTo("one\n");
		this.stream.idle(WorkerStream.PATIENCE - 1, false);
		assertThat(text()).isEqualTo("one\n");
		pump("o\nthree\nfo", WorkerStream.PATIENCE - 1);
		assertThat(text()).isEqualTo("one\ntwo\nthree\n");
		this.stream.idle(WorkerStream.PATIENCE, false);
		assertThat(text()).isEqualTo("one\ntwo\nthree\n");
		assertThat(this.lines.last(50)).containsExactly("one", "two", "three");
	}

	@Test
	void idleWhenLineHasWaitedLongEnoughPassesItsBeginningOn() throws IOException {
		pump(".", 0);
		pump(".", WorkerStream.PATIENCE / 2);
		assertThat(this.stream.patience(WorkerStream.PATIENCE / 2)).isEqualTo(WorkerStream.PATIENCE / 2);
		this.stream.idle(WorkerStream.PATIENCE, false);
		assertThat(text()).isEqualTo("..");
		assertThat(this.stream.patience(WorkerStream.PATIENCE)).isEqualTo(Long.MAX_VALUE);
		assertThat(this.lines.last(50)).isEmpty();
		pump(" done\n", WorkerStream.PATIENCE + 1);
		assertThat(text()).isEqualTo(".. done\n");
		assertThat(this.lines.last(50)).containsExactly(".. done");
	}

	@Test
	void pumpWhenLineIsTooLongToBeHeldPassesItOnInParts() throws IOException {
		String part = "x".repeat(1024);
		for (int length = 1024; length < WorkerStream.LONGEST; length += 1024) {
			pump(part, 0);
		}
		assertThat(text()).isEmpty();
		pump(part, 0);
		assertThat(text()).hasSize(WorkerStream.LONGEST);
		pump("y\n", 0);
		assertThat(text()).endsWith("xy\n");
		assertThat(this.lines.last(50)).containsExactly("x".repeat(LastLines.LENGTH));
	}

	@Test
	void pumpWhenPipeHasEndedPassesOnWhatIsLeft() throws IOException {
		pump("unfinished", 0);
		this.worker.close();
		assertThat(this.stream.pump(this.buffer, 0)).isFalse();
		assertThat(text()).isEqualTo("unfinished");
		assertThat(this.stream.end()).isCompleted();
		assertThat(this.lines.last(50)).containsExactly("unfinished");
	}

	@Test
	void endWhenPipeIsStillHeldIsCompletedOnceThePipeIsFoundEmpty() throws IOException {
		pump("unfinished", 0);
		CompletableFuture<Void> end = this.stream.end();
		assertThat(this.stream.isEnding()).isTrue();
		// Was looked into before the worker's end was known
		this.stream.idle(0, false);
		assertThat(end).isNotCompleted();
		this.stream.idle(0, true);
		assertThat(end).isCompleted();
		assertThat(this.stream.isEnding()).isFalse();
		assertThat(text()).isEqualTo("unfinished");
		pump(" and more\n", 0);
		assertThat(text()).isEqualTo("unfinished and more\n");
	}

	private void pump(String text, long now) throws IOException {
		this.worker.write(text.getBytes(StandardCharsets.UTF_8));
		assertThat(this.stream.pump(this.buffer, now)).isTrue();
	}

	private String text() {
		return this.written.toString(StandardCharsets.UTF_8);
	}

}
