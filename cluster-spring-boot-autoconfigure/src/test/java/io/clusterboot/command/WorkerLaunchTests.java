package io.clusterboot.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link WorkerLaunch}.
 */
class WorkerLaunchTests {

	private static final String LONG_CLASS_PATH = EchoProcess.CLASS_PATH + ":/no/\"such\" \\ library.jar".repeat(6000);

	@TempDir
	private Path directory;

	@Test
	void commandWhenNothingIsTooLongNeedsNoFile() {
		assertThat(launch("-cp", EchoProcess.CLASS_PATH, "one").isTooLong()).isFalse();
		assertThat(launch("-cp", EchoProcess.CLASS_PATH, "x".repeat(131_071)).isTooLong()).isFalse();
	}

	@Test
	void commandWhenClassPathIsTooLongStartsTheSame() throws IOException {
		WorkerLaunch launch = launch("-cp", LONG_CLASS_PATH, "one");
		assertThat(launch.isTooLong()).isTrue();
		assertThat(received(launch)).containsExactly("one");
		assertThat(launch.command(this.directory)).isEqualTo(launch.command(this.directory))
			.contains(EchoProcess.MAIN, "one");
		assertThat(this.directory.toFile().list()).hasSize(1);
	}

	@Test
	void commandWhenAnArgumentOfTheApplicationIsTooLongStartsTheSame() throws IOException {
		String argument = "line\n@\"".repeat(20_000);
		assertThat(received(launch("-cp", EchoProcess.CLASS_PATH, argument))).containsExactly(argument);
	}

	@Test
	void commandWhenFilesAreDisabledSaysWhy() {
		WorkerLaunch launch = launch("--disable-@files", "-Dlong=" + LONG_CLASS_PATH, "one");
		assertThatIOException().isThrownBy(() -> launch.command(this.directory))
			.withMessageContaining("--disable-@files");
	}

	private List<String> received(WorkerLaunch launch) throws IOException {
		try (EchoProcess process = EchoProcess.start(this.directory, Map.of(), launch.command(this.directory))) {
			return process.all("received");
		}
	}

	private static WorkerLaunch launch(String option, String value, String argument) {
		return new WorkerLaunch(List.of(EchoProcess.JAVA, option, value, EchoProcess.MAIN, argument), 3, Map.of());
	}

}
