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
import io.clusterboot.code.StagingDirectory;
import io.clusterboot.command.JvmCommand;
import io.clusterboot.command.WorkerCommands;
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
	void runWhenPrefixLetsWorkersNotWriteIsRefused() throws Exception {
		TrainingResult result = training("false").run();
		assertThat(result.refusal()).contains("cluster.worker.command-prefix");
		assertThat(this.directory.resolve("cache/cluster-spring-boot")).isEmptyDirectory();
	}

	@Test
	void runWhenPrefixLetsWorkersWriteGoesOn() throws Exception {
		assertThat(training("env", "SLOT={slot}").run().failure()).contains("extraction of the jar");
		assertThat(training().run().failure()).contains("extraction of the jar");
	}

	@Test
	void reasonAgainstWhenJarIsNotAnApplicationSaysSo() throws Exception {
		assertThat(training().reasonAgainst()).contains("JarLauncher");
	}

	private Training training(String... prefix) throws IOException {
		String java = System.getProperty("java.home") + "/bin/java";
		JvmCommand command = new JvmCommand(java, List.of(), List.of("-jar", jar().toString()), List.of());
		ArchiveCache cache = new ArchiveCache(Map.of("XDG_CACHE_HOME", this.directory.resolve("cache").toString()),
				StagingDirectory.of(this.directory.resolve("staging")), (remark) -> {
				});
		return new Training(WorkerCommands.of(command, Map.of(), List.of(), List.of(prefix), 0), 2,
				new CodeCopy(command, this.directory), cache, this.directory.resolve("training"), Set.of(),
				TrainingUrgency.AWAITED);
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
