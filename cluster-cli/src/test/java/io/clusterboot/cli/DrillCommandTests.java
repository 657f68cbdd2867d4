package io.clusterboot.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DrillCommand}, without any cluster.
 */
class DrillCommandTests {

	private final StringWriter out = new StringWriter();

	private final StringWriter err = new StringWriter();

	@TempDir
	private Path directory;

	private Path jar;

	@BeforeEach
	void writeJar() throws IOException {
		this.jar = this.directory.resolve("app.jar");
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "no.such.Main");
		try (OutputStream output = Files.newOutputStream(this.jar)) {
			new JarOutputStream(output, manifest).close();
		}
	}

	@Test
	void whatMakesNoSenseIsToldBeforeAnythingHappens() {
		assertUsage("'hello' is no path", "--path", "hello");
		assertUsage("'/a b' is no path", "--path", "/a b");
		assertUsage("--rate is from 1 to 500, not 0", "--rate", "0");
		assertUsage("--timeout is at least 1, not 0", "--timeout", "0");
		this.jar = this.directory.resolve("other.jar");
		assertUsage("other.jar cannot be read as a jar");
	}

	@Test
	void applicationThatDoesNotStartIsAFinding() throws IOException {
		Path log = this.directory.resolve("log");
		assertThat(run("--log", log.toString(), "--", "--server.port=1")).isEqualTo(1);
		assertThat(this.out.toString()).contains("drill of app.jar on port ",
				"start       failed   does not start: exit code 1", "stop        skipped", "1. start: does not start",
				"no.such.Main", "failed: 1 finding");
		assertThat(log).content().contains("no.such.Main");
	}

	@Test
	void reportInJsonIsOneDocument() {
		assertThat(run("--json", "--log", this.directory.resolve("log").toString())).isEqualTo(1);
		assertThat(this.out.toString()).startsWith("{\"schema\":1,\"result\":{\"passed\":false,")
			.containsOnlyOnce("\n")
			.contains("\"findings\":[{\"step\":\"start\",\"what\":\"does not start: exit code 1\"");
	}

	@Test
	void javaThatIsNotThereIsTold() {
		assertThat(run("--java", "/no/such/java", "--log", this.directory.resolve("log").toString())).isEqualTo(1);
		assertThat(this.err.toString()).contains("/no/such/java");
	}

	private void assertUsage(String message, String... options) {
		this.err.getBuffer().setLength(0);
		assertThat(run(options)).isEqualTo(2);
		assertThat(this.err.toString()).contains(message);
		assertThat(this.out.toString()).isEmpty();
	}

	private int run(String... options) {
		List<String> line = new ArrayList<>(List.of("drill", this.jar.toString()));
		line.addAll(List.of(options));
		CommandLine command = Main.commandLine();
		command.setOut(new PrintWriter(this.out));
		command.setErr(new PrintWriter(this.err));
		return command.execute(line.toArray(String[]::new));
	}

}
