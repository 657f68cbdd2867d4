package io.clusterboot.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkingDirectory}.
 */
class WorkingDirectoryTests {

	private static final Path DIRECTORY = Path.of("").toAbsolutePath();

	@ParameterizedTest
	@NullAndEmptySource
	@ValueSource(strings = { "a\0b", ".", "/", "/no/such/directory" })
	void ofCurrentProcessWhenPwdIsNoNameOfItIgnoresThat(String named) throws IOException {
		assertThat(WorkingDirectory.ofCurrentProcess(named)).isEqualTo(DIRECTORY.toRealPath().toString());
	}

	@Test
	void ofCurrentProcessWhenPwdIsALinkKeepsIt(@TempDir Path directory) throws IOException {
		String link = Files.createSymbolicLink(directory.resolve("current"), DIRECTORY).toString();
		assertThat(WorkingDirectory.ofCurrentProcess(link)).isEqualTo(link);
	}

	@Test
	void nameableWhenPathCanBeNamedIsThePath() {
		assertThat(WorkingDirectory.nameable(DIRECTORY, Path.of("other"))).isEqualTo(DIRECTORY);
	}

}
