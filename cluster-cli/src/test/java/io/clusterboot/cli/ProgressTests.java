package io.clusterboot.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Progress} where there is no terminal.
 */
class ProgressTests {

	private final StringWriter out = new StringWriter();

	@Test
	void eachStepIsALineOfItsOwn() {
		show();
		assertThat(this.out).hasToString("first%nsecond%n".formatted());
	}

	@Test
	void jsonIsAllThatIsPrintedWhereItIsWanted() {
		show("--json");
		assertThat(this.out.toString()).isEmpty();
	}

	private void show(String... arguments) {
		CommandLine line = new CommandLine(new ListCommand());
		line.setOut(new PrintWriter(this.out));
		line.parseArgs(arguments);
		try (Progress progress = new Progress((Console) line.getMixins().get("console"))) {
			progress.show("first", "first, 1s");
			progress.show("first", "first, 2s");
			progress.show("second");
		}
	}

}
