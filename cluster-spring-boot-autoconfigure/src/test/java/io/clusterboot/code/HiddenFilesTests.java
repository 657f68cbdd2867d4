package io.clusterboot.code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.clusterboot.posix.HeldFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HiddenFiles}.
 */
class HiddenFilesTests {

	private static final Instant SOON = Instant.now().plusSeconds(3600);

	@TempDir
	private Path directory;

	@Test
	void namesBelongTogetherAndKeepTheExtension() {
		Path copy = HiddenFiles.copy(Path.of("/dist/app.war"), "123", 7);
		assertThat(copy).isEqualTo(Path.of("/dist/.app.war.generation-7-123.war"));
		assertThat(HiddenFiles.isHidden(copy)).isTrue();
		assertThat(HiddenFiles.extracted(copy, "0a")).isEqualTo(Path.of("/dist/.app.war.trained-0a.extracted.war"));
		assertThat(HiddenFiles.librariesOf(HiddenFiles.extracted(copy, "0a")))
			.isEqualTo(Path.of("/dist/.app.war.trained-0a.lib"));
		Path staged = Path.of("/staging/app.war");
		assertThat(HiddenFiles.isHidden(staged)).isFalse();
		assertThat(HiddenFiles.extracted(staged, "0a")).isEqualTo(Path.of("/staging/app.extracted.war"));
	}

	@Test
	void deleteAbandonedDeletesWhatKilledClustersHaveLeftAndNoFileOfTheUsers() throws IOException {
		List<Path> left = create(".app.jar.generation-7-123.jar", ".app.jar.generation-7-123.extracted.jar",
				".app.jar.trained-0a1b.extracted.jar");
		left.add(Files.createSymbolicLink(this.directory.resolve(".app.jar.trained-0a1b.lib"), this.directory));
		List<Path> foreign = create("app.jar", ".app.jar.backup", ".app.jar.generation-7.jar",
				".app.jar.generation-7-a.jar", ".other.jar.generation-7-123.jar", "app.jar.generation-7-123.jar",
				".app.jar.generation-7-123.txt", ".app.jar.trained-0a1b.jar", ".app.jar.trained-x.extracted.jar");
		foreign.add(Files.createDirectory(this.directory.resolve(".app.jar.generation-8-123.jar")));
		HiddenFiles.deleteAbandoned(this.directory.resolve("app.jar"), SOON);
		assertThat(left).allSatisfy((file) -> assertThat(Files.exists(file)).isFalse());
		assertThat(foreign).allSatisfy((file) -> assertThat(file).exists());
	}

	@Test
	void deleteAbandonedKeepsWhatIsHeldOrYoung() throws IOException {
		Path jar = create(".app.jar.trained-0a1b.extracted.jar").get(0);
		Path link = Files.createSymbolicLink(this.directory.resolve(".app.jar.trained-0a1b.lib"), this.directory);
		HiddenFiles.deleteAbandoned(this.directory.resolve("app.jar"));
		assertThat(jar).exists();
		HeldFile held = HeldFile.hold(jar);
		HiddenFiles.deleteAbandoned(this.directory.resolve("app.jar"), SOON);
		assertThat(jar).exists();
		assertThat(link).exists();
		held.close();
		HiddenFiles.deleteAbandoned(this.directory.resolve("app.jar"), SOON);
		assertThat(this.directory).isEmptyDirectory();
	}

	private List<Path> create(String... names) throws IOException {
		List<Path> files = new ArrayList<>();
		for (String name : names) {
			files.add(Files.createFile(this.directory.resolve(name)));
		}
		return files;
	}

}
