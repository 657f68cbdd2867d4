package io.clusterboot.code.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link ExtractedJar}.
 */
class ExtractedJarTests {

	private static final FileTime TIME = FileTime.from(Instant.parse("2026-01-02T03:04:06.123456789Z"));

	@TempDir
	private Path directory;

	private Path made;

	private Path place;

	@BeforeEach
	void prepare() throws IOException {
		Path cache = Files.createDirectories(this.directory.resolve("cache"));
		this.made = Files.writeString(cache.resolve(".app.jar.trained-0a.extracted.jar"), "jar");
		Files.setLastModifiedTime(this.made, TIME);
		Files.createDirectory(cache.resolve(".app.jar.trained-0a.lib"));
		Files.writeString(cache.resolve(".app.jar.trained-0a.lib/library.jar"), "library");
		this.place = this.directory.resolve(".app.jar.trained-0a.extracted.jar");
	}

	@Test
	void putBesideTheCopyIsTheSameToTheJvmAndLeavesNothing() throws Exception {
		try (ExtractedJar jar = put(1)) {
			assertThat(jar.path()).isEqualTo(this.place).hasContent("jar").isRegularFile();
			assertThat(Files.getLastModifiedTime(this.place).toMillis()).isEqualTo(TIME.toMillis());
			assertThat(this.directory.resolve(".app.jar.trained-0a.lib/library.jar")).hasContent("library");
			assertThat(this.directory).isDirectoryNotContaining("glob:**generation*");
			assertThat(jar.isIntact()).isTrue();
		}
		assertThat(this.directory).isDirectoryNotContaining("glob:**/.app.jar.*");
	}

	@Test
	void putWhenTheCopyIsNotBesideItsOriginalRunsItWhereItWasMade() throws Exception {
		try (ExtractedJar jar = ExtractedJar.put(this.made, this.directory.resolve("app.jar"), "0a")) {
			assertThat(jar.path()).isEqualTo(this.made);
			assertThat(jar.isIntact()).isTrue();
		}
		assertThat(this.made).exists();
	}

	@Test
	void lastOfThoseWhoShareItDeletesIt() throws Exception {
		ExtractedJar first = put(1);
		ExtractedJar second = put(2);
		first.close();
		assertThat(second.isIntact()).isTrue();
		assertThat(this.directory.resolve(".app.jar.trained-0a.lib/library.jar")).exists();
		second.close();
		assertThat(this.place).doesNotExist();
		assertThat(Files.isSymbolicLink(this.directory.resolve(".app.jar.trained-0a.lib"))).isFalse();
	}

	@Test
	void putReplacesWhatSomebodyHasLeftThere() throws Exception {
		Files.writeString(this.place, "other");
		Files.createSymbolicLink(this.directory.resolve(".app.jar.trained-0a.lib"), Path.of("/nowhere"));
		try (ExtractedJar jar = put(1)) {
			assertThat(this.place).hasContent("jar");
			assertThat(jar.isIntact()).isTrue();
		}
	}

	@Test
	void putWhenSomethingElseIsInTheWayFails() throws Exception {
		Files.createDirectory(this.place);
		assertThatIOException().isThrownBy(() -> put(1)).withMessageContaining("is in the way");
	}

	@Test
	void isIntactWhenSomethingIsGoneOrAnotherFileIsFalse() throws Exception {
		try (ExtractedJar jar = put(1)) {
			Path library = this.directory.resolve(".app.jar.trained-0a.lib/library.jar");
			Files.delete(library);
			assertThat(jar.isIntact()).isFalse();
			Files.writeString(library, "library");
			assertThat(jar.isIntact()).isTrue();
			Files.delete(this.place);
			assertThat(jar.isIntact()).isFalse();
			Files.writeString(this.place, "jar");
			assertThat(jar.isIntact()).isFalse();
		}
	}

	private ExtractedJar put(int generation) throws IOException {
		return ExtractedJar.put(this.made,
				this.directory.resolve(".app.jar.generation-%d-77.jar".formatted(generation)), "0a");
	}

}
