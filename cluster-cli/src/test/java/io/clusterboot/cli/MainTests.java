package io.clusterboot.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Main}, without any cluster.
 */
class MainTests {

	private final StringWriter out = new StringWriter();

	private final StringWriter err = new StringWriter();

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "list", "status", "describe", "reload", "abort", "scale +1", "scale -1", "restart 0",
			"stop", "delete", "logs", "incidents", "history", "diff", "curl 0 /" })
	void verbWhereNothingRunsSaysSo(String verb) {
		assertThat(run(verb + " --directory " + this.directory)).isEqualTo(3);
		assertThat(this.err).hasToString("cluster: no cluster runs that this user can reach\n");
		assertThat(this.out.toString()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "nonsense", "restart", "restart x", "scale", "status --nonsense", "logs -n x",
			"logs -n -1", "reload --timeout 0", "drill", "drill app.jar --rate x" })
	void whatMakesNoSenseIsAUsageError(String line) {
		assertThat(run(line)).isEqualTo(2);
		assertThat(this.err.toString()).startsWith("cluster: ").contains("--help");
	}

	@ParameterizedTest
	@ValueSource(strings = { "scale x", "scale 1.5", "reload --parallel --rolling" })
	void valueThatMakesNoSenseIsAUsageError(String line) {
		assertThat(run(line + " --directory " + this.directory)).isEqualTo(2);
		assertThat(this.err.toString()).startsWith("cluster: ");
	}

	@Test
	void socketOfAPrimaryThatWasKilledIsNoCluster() throws Exception {
		Files.createFile(this.directory.resolve("2147483647.sock"));
		assertThat(run("list --directory " + this.directory)).isEqualTo(3);
	}

	@Test
	void everyVerbExplainsItself() {
		assertThat(run("--help")).isZero();
		assertThat(this.out.toString()).contains("Exit codes:", "124");
		for (String verb : Main.commandLine().getSubcommands().keySet()) {
			assertThat(run(verb + " --help")).as(verb).isZero();
		}
	}

	@Test
	void completionIsForBothShells() {
		assertThat(run("generate-completion")).isZero();
		assertThat(this.out.toString()).contains("bash", "compdef", "reload", "--parallel", "drill", "--rate");
	}

	@Test
	void whatOthersWroteMovesNoCursor() {
		CommandLine line = new CommandLine(new ListCommand());
		Console console = (Console) line.getMixins().get("console");
		assertThat(console.foreign("\u001b[31mred\u001b[0m \u001b[2J\u001b]0;title\u0007 a\tb\r"))
			.isEqualTo("red ?[2J?]0;title? a\tb?");
		assertThat(console.foreign(null)).isEmpty();
	}

	private int run(String line) {
		CommandLine command = Main.commandLine();
		command.setOut(new PrintWriter(this.out));
		command.setErr(new PrintWriter(this.err));
		return command.execute((line.isEmpty()) ? new String[0] : line.split(" "));
	}

}
