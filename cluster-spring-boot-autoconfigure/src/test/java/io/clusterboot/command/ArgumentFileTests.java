package io.clusterboot.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ArgumentFile}.
 */
@Timeout(60)
class ArgumentFileTests {

	@Test
	void splitSeparatesAtSpaceAndNewline() {
		assertThat(ArgumentFile.split("-cp  lib\t-Xmx1g\f\r\nMain\n")).containsExactly("-cp", "lib", "-Xmx1g", "Main");
	}

	@Test
	void splitKeepsSpaceInQuotes() {
		assertThat(ArgumentFile.split("\"a b\" 'c \"d\"' e\"f g\"h")).containsExactly("a b", "c \"d\"", "ef gh");
	}

	@Test
	void splitResolvesEscapesInQuotesOnly() {
		assertThat(ArgumentFile.split("\"a\\tb\\\\c\\\"\\q\" d\\te")).containsExactly("a\tb\\c\"q", "d\\te");
	}

	@Test
	void splitJoinsLinesAfterBackslashInQuotes() {
		assertThat(ArgumentFile.split("\"a:\\\n   b:\\\n   c\"")).containsExactly("a:b:c");
	}

	@Test
	void splitEndsOpenQuoteAtNewline() {
		assertThat(ArgumentFile.split("\"a b\nc")).containsExactly("a b", "c");
	}

	@Test
	void splitSkipsComments() {
		assertThat(ArgumentFile.split("# one\na # two\n\"#b\"\n")).containsExactly("a", "#b");
	}

	@Test
	void splitKeepsEmptyArgument() {
		assertThat(ArgumentFile.split("a \"\" b")).containsExactly("a", "", "b");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a b", "\"a b\" 'c d'", "\"\" x", "x \"\"", "x '' ", "a#b\nc", "a\"b\"#c\nd", "a\"b\"#c",
			"'a\\\n \t\n b' c", "\"open\nnext", "\"a\\", "\"\\x\"", "@literal @@two", "a\\ b \"a\\ b\"",
			"'it\\'s' \"it's\"", "p\u00e4th \"\u4e2d \u6587\"", "\u000bvertical", "'a'\"b\"'c d'", "#\n#\n\n",
			"\"a\r\nb\\\r\nc\"" })
	void splitSplitsLikeTheLauncher(String text, @TempDir Path directory) throws IOException {
		Files.writeString(directory.resolve("arguments"),
				"-cp \"" + EchoProcess.CLASS_PATH + "\" " + EchoProcess.MAIN + " first\n" + text);
		try (EchoProcess process = EchoProcess.start(directory, Map.of(),
				List.of(EchoProcess.JAVA, "@arguments", "last"))) {
			assertThat(process.all("received").subList(1, process.all("received").size() - 1))
				.isEqualTo(ArgumentFile.split(text));
			assertThat(process.all("argument")).isEqualTo(process.all("received"));
		}
	}

}
