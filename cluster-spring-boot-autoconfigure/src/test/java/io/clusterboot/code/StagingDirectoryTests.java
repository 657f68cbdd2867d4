package io.clusterboot.code;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.clusterboot.posix.DirectoryLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests for {@link StagingDirectory}.
 */
class StagingDirectoryTests {

	@TempDir
	private Path parent;

	@Test
	void createMakesADirectoryForNobodyElse() throws IOException {
		StagingDirectory staging = StagingDirectory.create(this.parent.resolve("new"));
		assertThat(mode(staging.path())).isEqualTo("rwx------");
	}

	@Test
	void deleteRemovesEverythingInIt() throws IOException {
		StagingDirectory staging = StagingDirectory.create(this.parent);
		staging.store("some/where/file", new ByteArrayInputStream(new byte[10]));
		staging.delete();
		assertThat(this.parent).isEmptyDirectory();
	}

	@Test
	void deleteFollowsNoLink() throws IOException {
		StagingDirectory staging = StagingDirectory.create(this.parent);
		staging.store("some/where/file", new ByteArrayInputStream(new byte[10]));
		Path precious = file("precious", "rw-r--r--");
		Path others = Files.createDirectory(this.parent.resolve("others"));
		Files.createSymbolicLink(staging.path().resolve("some/file"), precious);
		Files.createSymbolicLink(staging.path().resolve("some/directory"), others);
		staging.delete();
		assertThat(staging.path()).doesNotExist();
		assertThat(precious).exists();
		assertThat(others).exists();
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
	void deleteAbandonedWhenOneIsGoneMeanwhileGoesOn() throws IOException {
		StagingDirectory gone = StagingDirectory.create(this.parent);
		StagingDirectory old = StagingDirectory.create(this.parent);
		makeOld(old.path());
		gone.delete();
		StagingDirectory.deleteAbandoned(List.of(gone.path(), old.path()));
		assertThat(old.path()).doesNotExist();
	}

	@Test
	void deleteAbandonedWhenLockedKeepsWhatIsOld() throws IOException {
		StagingDirectory live = StagingDirectory.create(this.parent);
		live.lock();
		makeOld(live.path());
		StagingDirectory.deleteAbandoned(this.parent);
		assertThat(live.path()).isEmptyDirectory();
	}

	@Test
	void lockKeepsThoseAwayWhoAgeFiles() throws IOException {
		StagingDirectory live = StagingDirectory.create(this.parent);
		live.lock();
		assertThat(DirectoryLock.tryExclusive(live.path())).isNull();
	}

	@Test
	void lockWhenSomebodyTidiesUpIsRefused() throws IOException {
		StagingDirectory staging = StagingDirectory.create(this.parent);
		try (DirectoryLock lock = DirectoryLock.tryExclusive(staging.path())) {
			assertThat(lock).isNotNull();
			assertThatIOException().isThrownBy(staging::lock).withMessage(staging.path() + " is in use");
		}
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

	@Test
	void makeDirectoryWhenACleanerDeletedEverythingMakesItAnewForNobodyElse() throws IOException {
		StagingDirectory staging = StagingDirectory.create(this.parent);
		staging.lock();
		staging.delete();
		Path directory = staging.makeDirectory("generation-2");
		assertThat(mode(staging.path())).isEqualTo("rwx------");
		assertThat(mode(directory)).isEqualTo("rwx------");
		assertThat(DirectoryLock.tryExclusive(staging.path())).isNull();
	}

	@Test
	void makeDirectoryWhenDirectoryWasPassableMakesItPassableAnew() throws IOException {
		StagingDirectory created = StagingDirectory.create(this.parent);
		created.makePassable();
		StagingDirectory staging = StagingDirectory.of(created.path());
		staging.delete();
		staging.makeDirectory("generation-2");
		assertThat(mode(staging.path())).isEqualTo("rwx--x--x");
	}

	@Test
	void makeDirectoryWhenOthersCouldWriteThereIsRefused() throws IOException {
		StagingDirectory staging = StagingDirectory.create(this.parent);
		Files.setPosixFilePermissions(staging.path(), PosixFilePermissions.fromString("rwxrwxrwx"));
		assertThatIOException().isThrownBy(() -> staging.makeDirectory("generation-2"))
			.withMessageContaining("is not the cluster's own directory any more");
	}

	@Test
	void makeDirectoryWhenALinkIsInItsPlaceIsRefused() throws IOException {
		StagingDirectory staging = StagingDirectory.create(this.parent);
		staging.delete();
		Files.createSymbolicLink(staging.path(), Files.createDirectory(this.parent.resolve("foreign")));
		assertThatIOException().isThrownBy(() -> staging.makeDirectory("generation-2"))
			.withMessageContaining("is not the cluster's own directory any more");
	}

	@Test
	void makeDirectoryWhenAnotherUserMadeItIsRefused() throws IOException {
		StagingDirectory staging = StagingDirectory.create(this.parent);
		assumeTrue(Files.getAttribute(staging.path(), "unix:uid").equals(0), "only root can give a directory away");
		staging.delete();
		Files.createDirectory(staging.path());
		Files.setAttribute(staging.path(), "unix:uid", 65534);
		assertThatIOException().isThrownBy(() -> staging.makeDirectory("generation-2"))
			.withMessageContaining("is not the cluster's own directory any more");
		assertThat(staging.path()).isEmptyDirectory();
	}

	private Path file(String name, String mode) throws IOException {
		Path file = Files.createFile(this.parent.resolve(name));
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
		return file;
	}

	private static String mode(Path path) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
	}

	private static void makeOld(Path path) throws IOException {
		Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
	}

}
