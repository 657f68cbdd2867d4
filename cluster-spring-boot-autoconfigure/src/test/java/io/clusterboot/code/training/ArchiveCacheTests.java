package io.clusterboot.code.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.clusterboot.code.StagingDirectory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ArchiveCache} and its entries.
 */
class ArchiveCacheTests {

	private static final String KEY = "a".repeat(64);

	@TempDir
	private Path directory;

	private final List<String> remarks = new ArrayList<>();

	@Test
	void findAfterItWasMadeFindsItWithWhateverIsInIt() throws Exception {
		make(KEY).close();
		try (CacheEntry found = cache().find(KEY)) {
			assertThat(found).isNotNull();
			assertThat(found.isWhole()).isTrue();
			assertThat(found.path().resolve("classes.jsa")).hasContent("archive");
			assertThat(found.application().resolve("app.jar")).hasContent("jar");
		}
		assertThat(cache().find("b".repeat(64))).isNull();
		assertThat(this.remarks).isEmpty();
	}

	@Test
	void nothingInItIsForAnybodyElse() throws Exception {
		try (CacheEntry entry = make(KEY)) {
			assertThat(mode(entry.path().getParent())).isEqualTo("rwx------");
			assertThat(mode(entry.path())).isEqualTo("rwx------");
			assertThat(mode(entry.application())).isEqualTo("rwx------");
			assertThat(mode(entry.path().resolve("classes.jsa"))).isEqualTo("rw-------");
		}
	}

	@Test
	void entryThatWasNeverWholeIsNotFoundAndMadeAnew() throws Exception {
		Path path = cache().directory().resolve(KEY);
		Files.createDirectory(path);
		Files.writeString(path.resolve("classes.jsa"), "half");
		assertThat(cache().find(KEY)).isNull();
		try (CacheEntry entry = cache().create(KEY)) {
			assertThat(entry.path()).isEmptyDirectory();
		}
		assertThat(path).doesNotExist();
	}

	@ParameterizedTest
	@ValueSource(strings = { "content", "time", "size", "gone", "more", "link", "writable" })
	void entryThatIsNotAsItWasIsNotUsedAndSaidOnce(String damage) throws Exception {
		Path file;
		try (CacheEntry entry = make(KEY)) {
			file = entry.path().resolve("classes.jsa");
		}
		damage(file, damage);
		assertThat(cache().find(KEY)).isNull();
		assertThat(this.remarks).singleElement().asString().contains(KEY, "is not used and made anew");
		make(KEY).close();
		assertThat(cache().find(KEY)).isNotNull();
	}

	private static void damage(Path file, String damage) throws IOException {
		FileTime time = Files.getLastModifiedTime(file);
		switch (damage) {
			case "content" -> Files.writeString(file, "arch1ve");
			case "size" -> Files.writeString(file, "archive, and more");
			case "gone" -> Files.delete(file);
			case "more" -> Files.writeString(file.resolveSibling("more"), "");
			case "link" -> {
				Path other = Files.move(file, file.resolveSibling("manifest.other"));
				Files.createSymbolicLink(file, other);
			}
			case "writable" -> Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
			default -> Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
		}
		if (damage.equals("content")) {
			Files.setLastModifiedTime(file, time);
		}
	}

	@Test
	void entryThatIsBeingMadeIsNobodyElses() throws Exception {
		try (CacheEntry making = cache().create(KEY)) {
			assertThat(making).isNotNull();
			assertThat(cache().create(KEY)).isNull();
			assertThat(cache().find(KEY)).isNull();
		}
	}

	@Test
	void entryThatIsUsedIsSharedAndNotMadeAnew() throws Exception {
		try (CacheEntry used = make(KEY); CacheEntry too = cache().find(KEY)) {
			assertThat(too).isNotNull();
			assertThat(cache().create(KEY)).isNull();
			assertThat(used.path().resolve("classes.jsa")).exists();
		}
	}

	@Test
	void tidyKeepsWhatWasUsedLastAndWhatIsInUse() throws Exception {
		Instant now = Instant.now();
		CacheEntry used = make("0".repeat(64));
		for (int i = 0; i < 5; i++) {
			try (CacheEntry entry = make(String.valueOf(i).repeat(64).replace('0', 'f'))) {
				Files.setLastModifiedTime(entry.path().resolve("manifest"), FileTime.from(now.minusSeconds(i)));
			}
		}
		Files.setLastModifiedTime(used.path().resolve("manifest"), FileTime.from(now.minusSeconds(100)));
		Files.createDirectory(cache().directory().resolve("e".repeat(64)));
		Path foreign = Files.createDirectory(cache().directory().resolve("something-else"));
		cache().tidy(3, 1_000_000);
		assertThat(names()).containsExactlyInAnyOrder("0", "f", "1", "2", "s");
		cache().tidy(3, 12);
		assertThat(names()).containsExactlyInAnyOrder("0", "f", "s");
		used.close();
		cache().tidy(3, 12);
		assertThat(names()).containsExactlyInAnyOrder("f", "s");
		assertThat(foreign).exists();
	}

	@ParameterizedTest
	@ValueSource(strings = { "rwxrwx---", "rwx---rwx", "rwxr-xr-x" })
	void directoryThatOthersMayEnterIsNotUsed(String mode) throws Exception {
		Path shared = Files.createDirectories(this.directory.resolve("cache/cluster-spring-boot"));
		Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString(mode));
		assertThat(cache().directory()).isEqualTo(this.directory.resolve("staging/cache"));
		assertThat(this.remarks).singleElement().asString().contains("not kept for the next start", shared.toString());
	}

	@Test
	void directoryInOneThatOthersMayWriteToIsNotUsed() throws Exception {
		Path parent = Files.createDirectory(this.directory.resolve("cache"));
		Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxrwxr-x"));
		assertThat(cache().directory()).isEqualTo(this.directory.resolve("staging/cache"));
		assertThat(this.remarks).singleElement().asString().contains("others can write to " + parent);
		assertThat(parent).isEmptyDirectory();
	}

	@Test
	void directoryThatIsALinkIsNotUsed() throws Exception {
		Path parent = Files.createDirectory(this.directory.resolve("cache"));
		Files.createSymbolicLink(parent.resolve("cluster-spring-boot"), Files.createTempDirectory(parent, "other"));
		assertThat(cache().directory()).isEqualTo(this.directory.resolve("staging/cache"));
		assertThat(this.remarks).singleElement().asString().contains("is no directory");
	}

	@Test
	void directoryThatBelongsToSomebodyElseIsNotUsed() throws Exception {
		Path shared = Files.createDirectories(this.directory.resolve("cache/cluster-spring-boot"));
		Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwx------"));
		Assumptions.assumeTrue(setOwner(shared), "only root can give files away");
		assertThat(cache().directory()).isEqualTo(this.directory.resolve("staging/cache"));
		assertThat(this.remarks).singleElement().asString().contains("belongs to another user");
	}

	private static boolean setOwner(Path file) {
		try {
			Files.setAttribute(file, "unix:uid", 12345);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Test
	void directoryOfTheServiceComesFirstAndThatOfAUserWithoutHomeIsTheClustersOwn() throws Exception {
		Path service = this.directory.resolve("service");
		assertThat(cache(Map.of("CACHE_DIRECTORY", service + ":/other", "XDG_CACHE_HOME", "/xdg")).directory())
			.isEqualTo(service.resolve("cluster-spring-boot"));
		assertThat(cache(Map.of("HOME", this.directory.toString())).directory())
			.isEqualTo(this.directory.resolve(".cache/cluster-spring-boot"));
		assertThat(cache(Map.of("HOME", "/nonexistent")).directory())
			.isEqualTo(this.directory.resolve("staging/cache"));
		assertThat(cache(Map.of()).directory()).isEqualTo(this.directory.resolve("staging/cache"));
		assertThat(this.remarks).isEmpty();
	}

	@Test
	void directoryOfAServiceMayBeALink() throws Exception {
		Path real = Files.createDirectory(this.directory.resolve("private"));
		Path link = Files.createSymbolicLink(this.directory.resolve("service"), real);
		assertThat(cache(Map.of("CACHE_DIRECTORY", link.toString())).directory())
			.isEqualTo(real.resolve("cluster-spring-boot"));
	}

	private CacheEntry make(String key) throws IOException {
		CacheEntry entry = cache().create(key);
		assertThat(entry).isNotNull();
		Files.createDirectories(entry.application());
		Files.writeString(entry.application().resolve("app.jar"), "jar");
		Files.writeString(entry.path().resolve("classes.jsa"), "archive");
		entry.complete();
		return entry;
	}

	private List<String> names() throws IOException {
		try (Stream<Path> files = Files.list(cache().directory())) {
			return files.map((file) -> file.getFileName().toString().substring(0, 1)).toList();
		}
	}

	private ArchiveCache cache() {
		return cache(Map.of("XDG_CACHE_HOME", this.directory.resolve("cache").toString()));
	}

	private ArchiveCache cache(Map<String, String> environment) {
		return new ArchiveCache(environment, StagingDirectory.of(this.directory.resolve("staging")), this.remarks::add);
	}

	private static String mode(Path file) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
	}

}
