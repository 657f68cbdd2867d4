package io.clusterboot.output;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LastLines}.
 */
class LastLinesTests {

	private final LastLines lines = new LastLines();

	@Test
	void lastWhenThereWereMoreLinesThanAreKeptHasTheLastOnes() {
		for (int i = 1; i <= 1000; i++) {
			add("line " + i);
		}
		assertThat(this.lines.last(2)).containsExactly("line 999", "line 1000");
		assertThat(this.lines.last(1000)).hasSize(LastLines.LIMIT).startsWith("line 801");
	}

	@Test
	void lastWhenThereWereFewLinesHasThemAll() {
		add("a");
		add("");
		add("b\r");
		assertThat(this.lines.last(50)).containsExactly("a", "", "b");
	}

	@Test
	void lastWhenLineIsLongHasItsBeginning() {
		for (String character : List.of("x", "\u00e9", "\u20ac")) {
			add(character.repeat(1000));
			assertThat(this.lines.last(1)).containsExactly(character.repeat(LastLines.LENGTH));
		}
	}

	@Test
	void lastWhenLineIsLongBreaksNoCharacter() {
		String smile = new String(Character.toChars(0x1F600));
		add("x" + smile.repeat(400));
		assertThat(this.lines.last(1)).containsExactly("x" + smile.repeat(LastLines.LENGTH / 2 - 1));
	}

	@Test
	void lastWhenBytesAreNoTextIsBoundedAllTheSame() {
		byte[] line = new byte[LastLines.BYTES];
		Arrays.fill(line, (byte) 0xFF);
		this.lines.add(line);
		assertThat(this.lines.last(1).get(0)).hasSize(LastLines.LENGTH);
	}

	@Test
	void threadDumpWhenItWasAwaitedHasAllThatFollows() {
		add("Full thread dump before anybody asked");
		assertThat(this.lines.threadDump()).isNull();
		this.lines.awaitThreadDump();
		add("Full thread");
		assertThat(this.lines.threadDump()).isNull();
		StringBuilder dump = new StringBuilder();
		for (int i = 0; i < 1000; i++) {
			String line = (i > 0) ? "\tat line " + i : "Full thread dump OpenJDK 64-Bit Server VM";
			add(line);
			dump.append(line).append('\n');
		}
		assertThat(this.lines.threadDump()).isEqualTo(dump.toString());
		this.lines.awaitThreadDump();
		assertThat(this.lines.threadDump()).isNull();
	}

	@Test
	void threadDumpIsBounded() {
		this.lines.awaitThreadDump();
		add("Full thread dump OpenJDK 64-Bit Server VM");
		for (int i = 0; i < 1000; i++) {
			add("x".repeat(LastLines.BYTES));
		}
		assertThat(this.lines.threadDump()).hasSizeBetween(LastLines.THREAD_DUMP_BYTES - LastLines.BYTES - 1,
				LastLines.THREAD_DUMP_BYTES);
	}

	private void add(String line) {
		byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
		this.lines.add(Arrays.copyOf(bytes, Math.min(bytes.length, LastLines.BYTES)));
	}

}
