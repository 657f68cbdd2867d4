package io.clusterboot.code.training;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import io.clusterboot.code.CodeCopy;
import io.clusterboot.command.JvmCommand;
import io.clusterboot.command.WorkerCommands;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Training}.
 */
class TrainingTests {

	@TempDir
	private Path directory;

	@Test
	void reasonAgainstWhenPrefixLetsWorkersNotWriteIsThePrefix() throws Exception {
		assertThat(reasonAgainst("false")).contains("cluster.worker.command-prefix");
	}

	@Test
	void reasonAgainstWhenPrefixLetsWorkersWriteIsAnotherOne() throws Exception {
		assertThat(reasonAgainst("env", "SLOT={slot}")).contains("JarLauncher");
		assertThat(reasonAgainst()).contains("JarLauncher");
	}

	private @Nullable String reasonAgainst(String... prefix) throws IOException, InterruptedException {
		JvmCommand command = new JvmCommand("java", List.of(), List.of("-jar", jar().toString()), List.of());
		return new Training(WorkerCommands.of(command, Map.of(), List.of(), List.of(prefix), 0), 2,
				new CodeCopy(command, this.directory), this.directory.resolve("training"), Set.of())
			.reasonAgainst();
	}

	private Path jar() throws IOException {
		Path jar = this.directory.resolve("app.jar");
		Manifest manifest = new Manifest();
		try (OutputStream file = Files.newOutputStream(jar)) {
			new JarOutputStream(file, manifest).close();
		}
		return jar;
	}

}
