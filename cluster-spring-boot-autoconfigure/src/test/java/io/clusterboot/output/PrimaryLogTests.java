package io.clusterboot.output;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PrimaryLog} and its {@link LogQueue}.
 */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PrimaryLogTests {

	private final CountDownLatch reader = new CountDownLatch(1);

	private final ByteArrayOutputStream read = new ByteArrayOutputStream();

	private final PrimaryLog log = new PrimaryLog(new OutputTarget(new PrintStream(new Unread(), true)),
			Clock.systemUTC(), 1, "", false);

	@AfterEach
	void readAll() {
		this.reader.countDown();
	}

	@Test
	void flushWhenSomebodyReadsPrintsAllInOrder() {
		this.reader.countDown();
		List<String> texts = write(1, 500);
		this.log.flush();
		assertThat(texts()).isEqualTo(texts);
	}

	@Test
	void writeWhenNobodyReadsDoesNotWait() {
		List<String> texts = write(1, 100);
		this.reader.countDown();
		this.log.flush();
		assertThat(texts()).isEqualTo(texts);
	}

	@Test
	void flushWhenNobodyReadsGivesUp() {
		write(1, 1);
		this.log.flush();
		assertThat(texts()).isEmpty();
	}

	@Test
	void writeWhenThereIsNoRoomLosesLinesAndSaysOnceHowMany() {
		List<String> texts = write(1, LogQueue.CAPACITY);
		write(LogQueue.CAPACITY + 1, LogQueue.CAPACITY + 7);
		this.reader.countDown();
		this.log.flush();
		write(5000, 5000);
		this.log.flush();
		assertThat(texts()).hasSize(LogQueue.CAPACITY + 2)
			.startsWith(texts.toArray(String[]::new))
			.endsWith("Lines lost here because nobody read what the primary prints: 7", "line 5000");
		assertThat(this.read.toString(StandardCharsets.UTF_8)).containsOnlyOnce(" WARN ");
	}

	@Test
	void writeKeepsATextInOneLineWhateverIsInIt() {
		this.reader.countDown();
		this.log.warn("ended with x\r\n2026-11-20T10:00:00.000Z  INFO 1 --- Reload 9 succeeded\u001b[2J\u0085\tend");
		this.log.flush();
		assertThat(texts()).containsExactly("ended with x\\u000d\\u000a2026-11-20T10:00:00.000Z  INFO 1 --- "
				+ "Reload 9 succeeded\\u001b[2J\\u0085\tend");
	}

	private List<String> write(int first, int last) {
		List<String> texts = IntStream.rangeClosed(first, last).mapToObj("line %d"::formatted).toList();
		texts.forEach(this.log::info);
		return texts;
	}

	private List<String> texts() {
		return this.read.toString(StandardCharsets.UTF_8)
			.lines()
			.map((line) -> line.substring(line.indexOf(" : ") + 3))
			.toList();
	}

	/**
	 * Takes nothing until somebody reads.
	 */
	private final class Unread extends OutputStream {

		@Override
		public void write(int value) {
			write(new byte[] { (byte) value }, 0, 1);
		}

		@Override
		public void write(byte[] bytes, int offset, int length) {
			try {
				PrimaryLogTests.this.reader.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			PrimaryLogTests.this.read.write(bytes, offset, length);
		}

	}

}
