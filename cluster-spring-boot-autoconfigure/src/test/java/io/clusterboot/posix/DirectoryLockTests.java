package io.clusterboot.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DirectoryLock}.
 */
class DirectoryLockTests {

	private static final int CLOSE_ON_EXEC = 02000000;

	@TempDir
	private Path directory;

	@Test
	void tryExclusiveWhenSharedIsHeldReturnsNullUntilItIsClosed() throws IOException {
		try (DirectoryLock shared = DirectoryLock.tryShared(this.directory)) {
			assertThat(shared).isNotNull();
			assertThat(DirectoryLock.tryExclusive(this.directory)).isNull();
		}
		try (DirectoryLock exclusive = DirectoryLock.tryExclusive(this.directory)) {
			assertThat(exclusive).isNotNull();
			assertThat(DirectoryLock.tryShared(this.directory)).isNull();
		}
	}

	@Test
	void trySharedKeepsTheDescriptorFromPrograms() throws IOException {
		try (DirectoryLock lock = DirectoryLock.tryShared(this.directory)) {
			assertThat(lock).isNotNull();
			assertThat(descriptors()).hasSize(1)
				.allSatisfy((number) -> assertThat(flags(number) & CLOSE_ON_EXEC).isNotZero());
		}
	}

	@Test
	void tryExclusiveWhenItCannotBeLockedLeavesNoDescriptor() throws IOException {
		try (DirectoryLock lock = DirectoryLock.tryShared(this.directory)) {
			assertThat(lock).isNotNull();
			DirectoryLock.tryExclusive(this.directory);
			assertThat(descriptors()).hasSize(1);
		}
		assertThat(descriptors()).isEmpty();
	}

	@Test
	void trySharedWhenItIsNoDirectoryFails() throws IOException {
		Path file = Files.createFile(this.directory.resolve("file"));
		assertThatExceptionOfType(PosixException.class).isThrownBy(() -> DirectoryLock.tryShared(file))
			.withMessageStartingWith("open(%s) failed".formatted(file));
	}

	private List<String> descriptors() throws IOException {
		Path real = this.directory.toRealPath();
		try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
			return open.filter((entry) -> real.equals(target(entry)))
				.map((entry) -> entry.getFileName().toString())
				.toList();
		}
	}

	private static Path target(Path entry) {
		try {
			return Files.readSymbolicLink(entry);
		}
		catch (IOException ex) {
			return entry;
		}
	}

	private static int flags(String number) throws IOException {
		try (Stream<String> lines = Files.lines(Path.of("/proc/self/fdinfo", number))) {
			return lines.filter((line) -> line.startsWith("flags:"))
				.map((line) -> Integer.parseInt(line.substring("flags:".length()).strip(), 8))
				.findFirst()
				.orElseThrow();
		}
	}

}
