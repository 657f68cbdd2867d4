package io.clusterboot.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link ControlDirectory}.
 */
class ControlDirectoryTests {

	@TempDir
	private Path parent;

	@Test
	void directoryIsThatOfTheUsersSocketsWhereThereIsOne() throws IOException {
		assertThat(ControlDirectory.ofUser(Map.of("XDG_RUNTIME_DIR", this.parent.toString())).path())
			.isEqualTo(this.parent.resolve("cluster-spring-boot"));
	}

	@Test
	void directoryIsOneOfTheUsersInTheTemporaryOneWhereThereIsNoneForSockets() throws IOException {
		Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
		for (String runtime : new String[] { "", this.parent.resolve("none").toString() }) {
			assertThat(ControlDirectory.ofUser(Map.of("XDG_RUNTIME_DIR", runtime), this.parent).path())
				.isEqualTo(this.parent.resolve("cluster-control-" + uid));
		}
		assertThat(ControlDirectory.reachable(Map.of("XDG_RUNTIME_DIR", this.parent.toString()))).contains(
				new ControlDirectory(this.parent.resolve("cluster-spring-boot")),
				new ControlDirectory(Path.of("/tmp/cluster-control-" + uid)));
	}

	@Test
	void makeWhenThereIsNothingMakesADirectoryForNobodyElse() throws IOException {
		ControlDirectory directory = new ControlDirectory(this.parent.resolve("a/b"));
		directory.make();
		directory.make();
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
			.isEqualTo("rwx------");
	}

	@Test
	void makeWhenOthersMayLookIntoItOrItIsALinkFails() throws IOException {
		Path open = Files.createDirectory(this.parent.resolve("open"),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
		Path link = Files.createSymbolicLink(this.parent.resolve("link"), open);
		for (Path path : new Path[] { open, link }) {
			assertThatIOException().isThrownBy(() -> new ControlDirectory(path).make())
				.withMessage("%s is not a directory of this user with mode 0700", path);
		}
	}

	@Test
	void socketWhenItsPathIsTooLongFails() {
		assertThatIOException().isThrownBy(() -> new ControlDirectory(this.parent.resolve("x".repeat(100))).socket(1))
			.withMessageContaining("at most 107");
	}

	@Test
	void primariesAreThoseWhoseSocketsAreThere() throws IOException {
		ControlDirectory directory = new ControlDirectory(this.parent);
		long pid = ProcessHandle.current().pid();
		Files.createFile(directory.socket(pid));
		Files.createFile(directory.socket(Integer.MAX_VALUE));
		Files.createFile(this.parent.resolve("other.sock"));
		assertThat(directory.primaries()).containsExactlyInAnyOrder(pid, (long) Integer.MAX_VALUE);
		directory.deleteAbandoned();
		assertThat(directory.primaries()).containsExactly(pid);
		assertThat(new ControlDirectory(this.parent.resolve("none")).primaries()).isEmpty();
	}

}
