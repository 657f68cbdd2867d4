package io.clusterboot.actuate.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PrimaryDescendants}.
 */
class PrimaryDescendantsTests {

	private static final long SOCKET = 4711;

	private Process child;

	@BeforeEach
	void start() throws IOException {
		this.child = new ProcessBuilder("sleep", "600").start();
	}

	@AfterEach
	void stop() throws InterruptedException {
		this.child.destroyForcibly().waitFor();
	}

	@Test
	void holdWhenAChildHasTheSocketIsTrueForThatSocketOnly() {
		PrimaryDescendants descendants = descendants((process) -> Set.of(SOCKET));
		assertThat(descendants.hold(SOCKET)).isTrue();
		assertThat(descendants.hold(SOCKET + 1)).isFalse();
	}

	@Test
	void holdWhenAChildIsAnotherUsersIsFalse() {
		assertThat(descendants((process) -> {
			throw new AccessDeniedException(process.toString());
		}).hold(SOCKET)).isFalse();
	}

	@Test
	void holdWhenAChildCannotBeLookedIntoFails() {
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> descendants((process) -> {
			throw new FileSystemException(process.toString(), null, "Too many open files");
		}).hold(SOCKET)).withMessageContaining("Too many open files");
	}

	@Test
	void holdWhenAChildEndsMeanwhileIsFalse() {
		assertThat(descendants((process) -> {
			end();
			throw new NoSuchFileException(process.toString());
		}).hold(SOCKET)).isFalse();
	}

	private PrimaryDescendants descendants(PrimaryDescendants.Sockets sockets) {
		return new PrimaryDescendants(ProcessHandle.current().pid(),
				(process) -> process.endsWith(Long.toString(this.child.pid())) ? sockets.of(process) : Set.of());
	}

	private void end() {
		try {
			stop();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
