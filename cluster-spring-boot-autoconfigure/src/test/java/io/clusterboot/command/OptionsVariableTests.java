package io.clusterboot.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OptionsVariable}.
 */
class OptionsVariableTests {

	@TempDir
	private Path directory;

	@Test
	void parseSplitsAtSpaceOutsideQuotes() {
		assertThat(tool(" -Da='b c'\t-D\"e f\"=g\n-Dh='\"' ").options()).containsExactly("-Da=b c", "-De f=g",
				"-Dh=\"");
	}

	@Test
	void parseWhenQuoteIsOpenTakesTheRest() {
		assertThat(tool("-Da \"-Db c").options()).containsExactly("-Da", "-Db c");
	}

	@Test
	void parseWhenNotSetHasNoOptions() {
		OptionsVariable variable = OptionsVariable.parse("JAVA_TOOL_OPTIONS", null, new ArgumentFiles(this.directory));
		assertThat(variable.options()).isEmpty();
	}

	@Test
	void rewriteWhenNothingChangesKeepsTheText() {
		String text = "  -Da='b c'  \"\"\t-Dd ";
		assertThat(tool(text).rewrite((option) -> option)).isEqualTo(text);
	}

	@Test
	void rewriteKeepsTheTextAroundWhatChanges() {
		assertThat(tool(" -Da='b c'  -Dd\t\"-De f\" ").rewrite((option) -> option.equals("-Dd") ? "-Dx" : option))
			.isEqualTo(" -Da='b c'  -Dx\t\"-De f\" ");
	}

	@Test
	void rewriteQuotesWhatNeedsIt() {
		String rewritten = tool("-Da -Db").rewrite((option) -> option.equals("-Da") ? "-Da=x \"y\" 'z'" : option);
		assertThat(tool(rewritten).options()).containsExactly("-Da=x \"y\" 'z'", "-Db");
	}

	@Test
	void rewriteWhenOptionIsDroppedKeepsTheOthers() {
		String rewritten = tool("-Da -Db -Dc").rewrite((option) -> option.equals("-Db") ? null : option);
		assertThat(tool(rewritten).options()).containsExactly("-Da", "-Dc");
	}

	@Test
	void parseWhenLauncherVariableExpandsArgumentFiles() throws IOException {
		Files.writeString(this.directory.resolve("file"), "-Dx 'y z'");
		assertThat(launcher("-Da @file -Db").options()).containsExactly("-Da", "-Dx", "y z", "-Db");
		assertThat(tool("-Da @file -Db").options()).containsExactly("-Da", "@file", "-Db");
	}

	@Test
	void rewriteWhenNothingChangesKeepsArgumentFile() throws IOException {
		Files.writeString(this.directory.resolve("file"), "-Dx 'y z'");
		assertThat(launcher("-Da @file -Db").rewrite((option) -> option.equals("-Da") ? "-Dc" : option))
			.isEqualTo("-Dc @file -Db");
	}

	@Test
	void rewriteWhenArgumentFileChangesPutsItsContentsInPlace() throws IOException {
		Files.writeString(this.directory.resolve("file"), "-Dx 'y z' @w");
		String rewritten = launcher("-Da @file -Db").rewrite((option) -> option.equals("-Dx") ? "-Dc" : option);
		assertThat(rewritten).isEqualTo("-Da -Dc \"y z\" @@w -Db");
		assertThat(launcher(rewritten).options()).containsExactly("-Da", "-Dc", "y z", "@w", "-Db");
	}

	private OptionsVariable tool(String text) {
		return OptionsVariable.parse("JAVA_TOOL_OPTIONS", text, new ArgumentFiles(this.directory));
	}

	private OptionsVariable launcher(String text) {
		return OptionsVariable.parse("JDK_JAVA_OPTIONS", text, new ArgumentFiles(this.directory));
	}

}
