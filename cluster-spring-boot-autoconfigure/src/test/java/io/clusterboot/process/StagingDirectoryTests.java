package io.clusterboot.process;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StagingDirectory}.
 */
class StagingDirectoryTests {

	@TempDir
	private Path parent;

	@Test
	void createMakesADirectoryForNobodyElse() throws IOException {
		StagingDirectory staging = StagingDirectory.create(this.parent.resolve("new"));
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(staging.path()))).isEqualTo("rwx------");
	}

	@Test
	void deleteRemovesEverythingInIt() throws IOException {
		StagingDirectory staging = StagingDirectory.create(this.parent);
		staging.store("some/where/file", new ByteArrayInputStream(new byte[10]));
		staging.delete();
		assertThat(this.parent).isEmptyDirectory();
	}

	@Test
	void deleteAbandonedKeepsWhatIsYoungOrForeign() throws IOException {
		StagingDirectory young = StagingDirectory.create(this.parent);
		Path foreign = Files.createDirectory(this.parent.resolve("something-else"));
		makeOld(foreign);
		StagingDirectory old = StagingDirectory.create(this.parent);
		old.store("file", new ByteArrayInputStream(new byte[10]));
		makeOld(old.path());
		StagingDirectory.deleteAbandoned(this.parent);
		assertThat(this.parent).isDirectoryContaining((path) -> path.equals(young.path()))
			.isDirectoryContaining((path) -> path.equals(foreign))
			.isDirectoryNotContaining((path) -> path.equals(old.path()));
	}

	@Test
	void deleteAbandonedFollowsNoLink() throws IOException {
		Path precious = Files.createDirectory(this.parent.resolve("precious"));
		Files.createFile(precious.resolve("file"));
		makeOld(precious);
		Files.createSymbolicLink(this.parent.resolve("cluster-spring-boot-link"), precious);
		StagingDirectory.deleteAbandoned(this.parent);
		assertThat(precious.resolve("file")).exists();
	}

	private static void makeOld(Path path) throws IOException {
		Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
	}

}
