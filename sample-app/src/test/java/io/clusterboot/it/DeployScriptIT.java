package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code deploy.sh} makes of reloads that end in all ways, without a cluster.
 */
class DeployScriptIT {

	private static final Path SCRIPT = Path.of("deploy.sh").toAbsolutePath();

	@TempDir
	private Path directory;

	private Path live;

	private Path next;

	private Path exitCode;

	private Path command;

	@BeforeEach
	void makeFiles() throws IOException {
		this.live = Files.writeString(this.directory.resolve("live"), "old");
		this.next = Files.writeString(this.directory.resolve("next"), "new");
		this.exitCode = this.directory.resolve("exit-code");
		// Reloads for as long as it is not said how that ends
		this.command = Files.writeString(this.directory.resolve("cluster"), """
				#!/bin/sh
				echo "$@" >>%1$s/arguments
				until [ -e %1$s/exit-code ]; do sleep 0.1; done
				exit "$(cat %1$s/exit-code)"
				""".formatted(this.directory));
		Files.setPosixFilePermissions(this.command, PosixFilePermissions.fromString("rwx------"));
	}

	@Test
	void jarThatGoesLiveStaysAndTheOneBeforeIsKept() throws IOException {
		Files.writeString(this.exitCode, "0");
		Tool deploy = Tool.run(line("TIMEOUT=60", "--parallel"));
		assertThat(deploy.output()).isEmpty();
		assertThat(this.live).hasContent("new");
		assertThat(Path.of(this.live + ".previous")).hasContent("old");
		assertThat(this.directory.resolve("arguments")).hasContent("reload --timeout 60 --parallel");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3 })
	void jarThatDoesNotGoLiveIsTakenBack(int code) throws IOException {
		Files.writeString(this.exitCode, String.valueOf(code));
		Tool deploy = Tool.tryRun(line("TIMEOUT=60"));
		assertThat(deploy.exitCode()).isEqualTo(code);
		assertThat(deploy.output()).isEqualTo(this.live + " is the old jar again\n");
		assertThat(this.live).hasContent("old");
	}

	@Test
	void jarWhoseReloadHasNotEndedYetStays() throws IOException {
		Files.writeString(this.exitCode, "124");
		assertThat(Tool.tryRun(line("TIMEOUT=60")).exitCode()).isEqualTo(124);
		assertThat(this.live).hasContent("new");
	}

	@Test
	void deploysOfTheSameJarNeverMix() throws IOException {
		Path arguments = this.directory.resolve("arguments");
		try (Tool.Running running = Tool.start(line("TIMEOUT=60"))) {
			Awaitility.await().until(() -> Files.exists(arguments));
			Tool impatient = Tool.tryRun(line("TIMEOUT=1"));
			assertThat(impatient.exitCode()).as(impatient.output()).isEqualTo(75);
			assertThat(impatient.output())
				.isEqualTo("deploy: nothing was done: another deploy of " + this.live + " did not end within 1 s\n");
			assertThat(arguments).content().containsOnlyOnce("reload");
			Files.writeString(this.exitCode, "0");
			assertThat(running.await(Duration.ofMinutes(1)).exitCode()).isZero();
		}
		assertThat(Tool.run(line("TIMEOUT=60")).exitCode()).isZero();
	}

	@Test
	void mistakesInTheCommandLineAreToldBeforeAnythingHappens() throws IOException {
		assertThat(Tool.tryRun(line("TIMEOUT=soon")).output())
			.contains("TIMEOUT must be a number of seconds, not 'soon'");
		assertThat(Tool.tryRun(SCRIPT.toString(), "one.jar").output()).contains("Usage: deploy.sh");
		assertThat(Tool
			.tryRun("env", "CLUSTER=/no/such/command", SCRIPT.toString(), this.next.toString(), this.live.toString())
			.output()).contains("there is no command /no/such/command");
		Files.delete(this.next);
		assertThat(Tool.tryRun(line("TIMEOUT=60")).output()).contains("there is no " + this.next);
		assertThat(this.directory.resolve("arguments")).doesNotExist();
		assertThat(this.live).hasContent("old");
	}

	private String[] line(String timeout, String... options) {
		List<String> line = new ArrayList<>(List.of("env", "CLUSTER=" + this.command, timeout, SCRIPT.toString(),
				this.next.toString(), this.live.toString()));
		line.addAll(List.of(options));
		return line.toArray(String[]::new);
	}

}
