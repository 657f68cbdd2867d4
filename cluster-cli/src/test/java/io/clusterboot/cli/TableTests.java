package io.clusterboot.cli;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Table}.
 */
class TableTests {

	@Test
	void numbersAreAtTheRightAndWordsAtTheLeft() {
		Table table = new Table("SLOT", "STATE", "MEMORY");
		table.add(0, "ready", "90 MB");
		table.add(10, "draining", "1.2 GB");
		assertThat(table.lines()).containsExactly("SLOT  STATE     MEMORY", "   0  ready      90 MB",
				"  10  draining  1.2 GB");
	}

	@Test
	void tableWithoutRowsHasItsTitles() {
		assertThat(new Table("A", "B").lines()).containsExactly("A  B");
	}

}
