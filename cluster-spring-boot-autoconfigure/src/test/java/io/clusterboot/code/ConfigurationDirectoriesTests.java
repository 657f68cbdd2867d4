package io.clusterboot.code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

import io.clusterboot.command.JvmCommand;
import io.clusterboot.command.WorkerCommand;
import io.clusterboot.command.WorkerUser;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConfigurationDirectories} and {@link WorkerUser}.
 */
class ConfigurationDirectoriesTests {

	private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

	@TempDir
	private Path parent;

	@Test
	void makeMakesADirectoryForNobodyElse() throws IOException {
		StagingDirectory staging = StagingDirectory.create(this.parent);
		make(staging);
		assertThat(mode(ConfigurationDirectories.find(staging.path(), 3))).isEqualTo("rwx------");
	}

	@Test
	void makeWhenThePrefixMakesWorkersAnotherUserMakesItTheirs() throws IOException {
		Assumptions.assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "not root");
		Assumptions.assumeTrue(Files.isExecutable(SETPRIV), "no setpriv");
		StagingDirectory staging = StagingDirectory.create(this.parent);
		staging.makePassable();
		make(staging, SETPRIV.toString(), "--reuid=65534", "--regid=65533", "--clear-groups");
		Path directory = ConfigurationDirectories.find(staging.path(), 3);
		Assumptions.assumeFalse(Files.getAttribute(directory, "unix:uid").equals(0), "no other user allowed");
		assertThat(Files.getAttribute(directory, "unix:uid")).isEqualTo(65534);
		assertThat(Files.getAttribute(directory, "unix:gid")).isEqualTo(65533);
		assertThat(mode(directory)).isEqualTo("rwx------");
		assertThat(mode(directory.getParent())).isEqualTo("rwx--x--x");
	}

	@Test
	void makeWhenThePrefixCannotBeAskedLeavesItToTheOwner() throws IOException {
		StagingDirectory staging = StagingDirectory.create(this.parent);
		staging.makePassable();
		make(staging, "/no/such/command");
		assertThat(Files.getOwner(ConfigurationDirectories.find(staging.path(), 3)))
			.isEqualTo(Files.getOwner(staging.path()));
	}

	@Test
	void parseTellsTheUserAndGroupThatFilesAreCreatedWith() {
		assertThat(WorkerUser.parse("Name:\tcat\nUid:\t0\t1\t2\t1000\nGid:\t0\t4\t5\t1001\nGroups:\t0\n"))
			.isEqualTo(new WorkerUser(1000, 1001));
		assertThat(WorkerUser.parse("cat: /proc/self/status: No such file or directory\n")).isNull();
	}

	private void make(StagingDirectory staging, String... prefix) throws IOException {
		JvmCommand command = new JvmCommand("java", List.of(), List.of("Main"), List.of());
		new ConfigurationDirectories(staging, new WorkerCommand(command, Map.of(), List.of(), List.of(prefix), 0, 0))
			.make(3);
	}

	private static String mode(Path path) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
	}

}
