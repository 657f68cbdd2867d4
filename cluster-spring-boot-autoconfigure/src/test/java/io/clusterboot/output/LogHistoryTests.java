package io.clusterboot.output;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

import io.clusterboot.channel.Control;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LogHistory}.
 */
class LogHistoryTests {

	private final LogHistory history = new LogHistory();

	@Test
	void lastLinesAreThoseOfTheSlotThatIsAskedFor() {
		for (int i = 0; i < 10; i++) {
			add(i % 2, "line " + i);
		}
		this.history.add(Control.Logs.PRIMARY, 0, bytes("primary"));
		assertThat(texts(last(Control.Logs.ALL, 3))).containsExactly("line 8", "line 9", "primary");
		assertThat(texts(last(1, 2))).containsExactly("line 7", "line 9");
		assertThat(texts(last(Control.Logs.PRIMARY, 5))).containsExactly("primary");
		assertThat(texts(last(7, 5))).isEmpty();
	}

	@Test
	void whoReadsOnGetsEachLineOnce() {
		add(0, "one");
		LogHistory.Part part = last(Control.Logs.ALL, 10);
		assertThat(this.history.read(Control.Logs.ALL, part.next()).lines().lines()).isEmpty();
		add(0, "two\r");
		add(0, "three");
		part = this.history.read(Control.Logs.ALL, part.next());
		assertThat(texts(part)).containsExactly("two", "three");
		assertThat(part.lines().complete()).isTrue();
		assertThat(part.lines().lost()).isZero();
	}

	@Test
	void whoReadsTooSlowlyIsToldHowManyLinesAreMissingAndTheMemoryIsBounded() {
		add(0, "first");
		long next = last(Control.Logs.ALL, 1).next();
		for (int i = 0; i < 100_000; i++) {
			add(0, "x".repeat(100));
		}
		long kept = 0;
		LogHistory.Part part = this.history.read(Control.Logs.ALL, next);
		long lost = part.lines().lost();
		kept += part.lines().lines().size();
		while (!part.lines().complete()) {
			assertThat(part.lines().lines()).hasSizeLessThan(1000);
			part = this.history.read(Control.Logs.ALL, part.next());
			assertThat(part.lines().lost()).isZero();
			kept += part.lines().lines().size();
		}
		assertThat(lost + kept).isEqualTo(100_000);
		assertThat(kept * 100).isBetween(LogHistory.BYTES / 2L, (long) LogHistory.BYTES);
	}

	@Test
	void linesOfAllLengthsComeOutAsTheyWentIn() {
		Random random = new Random(7);
		long next = 0;
		for (int i = 0; i < 5000; i++) {
			String text = i + "x".repeat(random.nextInt((i % 100 != 0) ? 200 : 16_000)) + "ä€😀";
			add(i % 3, text);
			LogHistory.Part part = this.history.read(i % 3, next);
			next = part.next();
			assertThat(part.lines().lost()).isZero();
			assertThat(part.lines().lines()).containsExactly(new Control.Line(i % 3, 1, text));
		}
	}

	private LogHistory.Part last(int slot, int count) {
		return this.history.read(slot, this.history.placeOfLast(slot, count));
	}

	private void add(int slot, String text) {
		this.history.add(slot, 1, bytes(text));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static List<String> texts(LogHistory.Part part) {
		return part.lines().lines().stream().map(Control.Line::text).toList();
	}

}
