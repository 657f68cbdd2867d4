package io.clusterboot.code.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import io.clusterboot.code.CodeCopy;
import io.clusterboot.command.JvmCommand;
import io.clusterboot.command.WorkerCommand;
import io.clusterboot.command.WorkerCommands;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TrainingKey}.
 */
class TrainingKeyTests {

	private static final String JAVA = System.getProperty("java.home") + "/bin/java";

	@TempDir
	private Path directory;

	private String key;

	@BeforeEach
	void prepare() throws IOException {
		this.key = key(jar("", 1, "code"), List.of("-Xss1m"), Map.of(), List.of());
	}

	@Test
	void keyOfTheSameInAnotherGenerationBuiltAtAnotherTimeWithOtherArgumentsIsTheSame() throws Exception {
		Path jar = jar("", 2, "code");
		assertThat(jar).hasParent(this.directory.resolve(""));
		JvmCommand command = new JvmCommand(JAVA, List.of("-Xss1m"), List.of("-jar", jar.toString()),
				List.of("--some=configuration"));
		assertThat(key(command, List.of("-Xss1m"), Map.of(), List.of())).isEqualTo(this.key).hasSize(64);
	}

	@Test
	void keyOfAnythingThatMattersToTheJvmIsAnother() throws Exception {
		Path jar = jar("", 1, "code");
		assertThat(key(jar("elsewhere", 1, "code"), List.of("-Xss1m"), Map.of(), List.of())).isNotEqualTo(this.key);
		assertThat(key(jar, List.of("-Xss2m"), Map.of(), List.of())).isNotEqualTo(this.key);
		assertThat(key(jar, List.of("-Xss1m"), Map.of("JAVA_TOOL_OPTIONS", "-Da=b"), List.of())).isNotEqualTo(this.key);
		assertThat(key(jar, List.of("-Xss1m"), Map.of(), List.of("taskset", "1"))).isNotEqualTo(this.key);
		assertThat(key(jar, List.of("-Xss1m", "-Xlog:gc"), Map.of(), List.of())).as("no archive has it")
			.isEqualTo(this.key);
		assertThat(key(jar("", 1, "c0de"), List.of("-Xss1m"), Map.of(), List.of())).isNotEqualTo(this.key);
	}

	private String key(Path jar, List<String> options, Map<String, String> variables, List<String> prefix)
			throws IOException {
		return key(new JvmCommand(JAVA, options, List.of("-jar", jar.toString()), List.of()), options, variables,
				prefix);
	}

	private String key(JvmCommand command, List<String> options, Map<String, String> variables, List<String> prefix)
			throws IOException {
		WorkerCommand workers = WorkerCommands.of(new JvmCommand(JAVA, options, List.of("-jar", "app.jar"), List.of()),
				variables, List.of(), prefix, 0);
		return TrainingKey.of(new CodeCopy(command, this.directory), workers, Path.of("/cache"));
	}

	private Path jar(String where, int generation, String content) throws IOException {
		Path parent = Files.createDirectories(this.directory.resolve(where));
		Path jar = parent.resolve(".app.jar.generation-%d-%d.jar".formatted(generation, generation));
		try (ZipOutputStream archive = new ZipOutputStream(Files.newOutputStream(jar))) {
			ZipEntry entry = new ZipEntry("Main.class");
			entry.setLastModifiedTime(FileTime.from(Instant.ofEpochSecond(1_000_000_000L + generation * 1000)));
			archive.putNextEntry(entry);
			archive.write(content.getBytes());
		}
		return jar;
	}

}
