package io.clusterboot.code;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import io.clusterboot.command.JvmCommand;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link CodeSource}.
 */
class CodeSourceTests {

	@TempDir
	private Path directory;

	private StagingDirectory staging;

	private boolean beside = true;

	private final List<String> remarks = new ArrayList<>();

	@BeforeEach
	void createStaging() throws IOException {
		this.staging = StagingDirectory.create(this.directory.resolve("staging"));
	}

	@Test
	void takeWhenJarIsExecutableSurvivesOverwritingInPlace() throws IOException {
		Path jar = executableJar("app.jar", "one");
		CodeCopy code = source("-jar", "app.jar").take(1);
		Files.writeString(jar, "garbage");
		Path copy = Path.of(code.command().main().get(1));
		assertThat(copy).hasParent(this.directory.toRealPath())
			.satisfies((file) -> assertThat(Files.isHidden(file)).isTrue());
		assertThat(copy.toString()).endsWith(".jar");
		assertThat(content(copy)).isEqualTo("one");
		assertThat(this.remarks).isEmpty();
	}

	@Test
	void takeWhenAnotherDirectoryIsWantedCopiesToThereAndSaysWhatDiffers() throws IOException {
		executableJar("app.jar", "one");
		this.beside = false;
		Path copy = Path.of(source("-jar", "app.jar").take(1).command().main().get(1));
		assertThat(copy).isEqualTo(this.staging.path().resolve("generation-1/app.jar"));
		assertThat(this.remarks).singleElement()
			.asString()
			.contains("cluster.staging.directory is set", "ApplicationHome");
	}

	@Test
	void takeWhenACopyCouldNotFollowTheClassPathReadsTheJarItself() throws IOException {
		Manifest manifest = executable();
		manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "config/");
		Path jar = jar("app.jar", "one", manifest);
		this.beside = false;
		assertThat(source("-jar", "app.jar").take(1).command().main()).containsExactly("-jar",
				jar.toRealPath().toString());
		assertThat(this.remarks).singleElement().asString().contains("Class-Path");
	}

	@Test
	void takeWhenManifestHasAClassPathCopiesToWhereThatLeadsToTheSame() throws IOException {
		Manifest manifest = executable();
		manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "config/");
		jar("app.jar", "one", manifest);
		assertThat(Path.of(source("-jar", "app.jar").take(1).command().main().get(1)))
			.hasParent(this.directory.toRealPath())
			.isNotEqualTo(this.directory.toRealPath().resolve("app.jar"));
	}

	@Test
	void takeWhenJarIsShadedSurvivesOverwritingInPlace() throws IOException {
		Path jar = jar("app.jar", "one", new Manifest());
		CodeCopy code = source("-jar", "app.jar").take(1);
		Files.writeString(jar, "garbage");
		assertThat(content(Path.of(code.command().main().get(1)))).isEqualTo("one");
	}

	@Test
	void takeWhenShadedJarHasAnArchiveOfTheUsersIsPinned() throws IOException {
		Path jar = jar("app.jar", "one", new Manifest());
		JvmCommand command = new JvmCommand("java", List.of("-XX:SharedArchiveFile=app.jsa"),
				List.of("-jar", "app.jar"), List.of());
		assertThat(source(command).take(1).command().main().get(1)).isEqualTo(jar.toRealPath().toString());
	}

	@Test
	void takeMakesAPrivateCopyAsOldAsTheOriginal() throws IOException {
		Path jar = executableJar("app.jar", "one");
		Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));
		Path copy = Path.of(source("-jar", "app.jar").take(1).command().main().get(1));
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy))).isEqualTo("rw-------");
		assertThat(Files.getLastModifiedTime(copy)).isEqualTo(Files.getLastModifiedTime(jar));
	}

	@Test
	void restoreWhenAForeignFileIsInThePlaceOfTheCopyReplacesIt() throws IOException {
		executableJar("app.jar", "one");
		CodeSource source = source("-jar", "app.jar");
		CodeCopy code = source.take(1);
		Path copy = Path.of(code.command().main().get(1));
		Files.delete(copy);
		Files.move(executableJar("foreign.jar", "foreign"), copy);
		executableJar("app.jar", "two");
		assertThat(source.restore(1, code)).isEqualTo(code);
		assertThat(content(copy)).isEqualTo("one");
	}

	@Test
	void restoreWhenTheDirectoryIsGonePutsTheCopyElsewhere() throws IOException {
		Path dist = Files.createDirectory(this.directory.resolve("dist"));
		executableJar("dist/app.jar", "one");
		CodeSource source = source("-jar", "dist/app.jar");
		CodeCopy code = source.take(1);
		StagingDirectory.of(dist).delete();
		Path copy = Path.of(source.restore(1, code).command().main().get(1));
		assertThat(copy).startsWith(this.staging.path());
		assertThat(content(copy)).isEqualTo("one");
		source.discard(1);
		assertThat(copy).doesNotExist();
	}

	@Test
	void restoreWhenStagingIsNotOursAnyMoreIsRefused() throws IOException {
		executableJar("app.jar", "one");
		this.beside = false;
		CodeSource source = source("-jar", "app.jar");
		CodeCopy code = source.take(1);
		this.staging.delete();
		Files.createSymbolicLink(this.staging.path(), Files.createDirectory(this.directory.resolve("foreign")));
		assertThatIOException().isThrownBy(() -> source.restore(1, code))
			.withMessageContainingAll("cannot be made anew", "not the cluster's own directory", "reload");
	}

	@Test
	void takeWhenJarWasReplacedBringsTheNewOne() throws IOException {
		CodeSource source = source("-jar", "app.jar");
		executableJar("app.jar", "one");
		CodeCopy first = source.take(1);
		executableJar("app.jar", "two");
		CodeCopy second = source.take(2);
		assertThat(content(Path.of(first.command().main().get(1)))).isEqualTo("one");
		assertThat(content(Path.of(second.command().main().get(1)))).isEqualTo("two");
	}

	@Test
	void takeWhenJarIsCutOffIsRefusedAndLeavesNothing() throws IOException {
		Path jar = executableJar("app.jar", "one");
		try (RandomAccessFile file = new RandomAccessFile(jar.toFile(), "rw")) {
			file.setLength(file.length() / 2);
		}
		assertThatIOException().isThrownBy(() -> source("-jar", "app.jar").take(1))
			.withMessageContaining("app.jar is not a complete archive");
		assertThat(this.staging.path()).isEmptyDirectory();
	}

	@Test
	void takeWhenJarIsCutOffAfterALibraryInItIsRefused() throws IOException {
		Path library = jar("library.jar", "library", new Manifest());
		Path jar = executableJar("app.jar", "one");
		byte[] whole = Files.readAllBytes(jar);
		try (OutputStream file = Files.newOutputStream(jar)) {
			file.write(whole, 0, whole.length / 2);
			file.write(Files.readAllBytes(library));
		}
		assertThatIOException().isThrownBy(() -> source("-jar", "app.jar").take(1))
			.withMessageContaining("app.jar is not a complete archive");
	}

	@Test
	void takeWhenAnEntryIsDamagedIsRefusedAndLeavesNothing() throws IOException {
		Path jar = executableJar("app.jar", "one");
		byte[] bytes = Files.readAllBytes(jar);
		int offset = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("version.txt") + "version.txt".length();
		bytes[offset] ^= 0x55;
		Files.write(jar, bytes);
		assertThatIOException().isThrownBy(() -> source("-jar", "app.jar").take(1))
			.withMessageContaining("app.jar is not a complete archive");
		assertThat(this.staging.path()).isEmptyDirectory();
	}

	@Test
	void takeWhenJarIsMissingNamesIt() {
		assertThatIOException().isThrownBy(() -> source("-jar", "app.jar").take(1))
			.withMessage(this.directory.resolve("app.jar") + " does not exist");
	}

	@Test
	void takeWhenJarNeedsItsNeighboursIsPinnedAndNotCopied() throws IOException {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "lib/library.jar");
		Path jar = jar("app.jar", "one", manifest);
		CodeCopy code = source("-jar", "app.jar").take(1);
		assertThat(code.command().main()).containsExactly("-jar", jar.toRealPath().toString());
	}

	@Test
	void takeWhenReleaseIsBehindALinkFollowsItAnewForEachGeneration() throws IOException {
		Path one = Files.createDirectory(this.directory.resolve("one"));
		Path two = Files.createDirectory(this.directory.resolve("two"));
		Path current = Files.createSymbolicLink(this.directory.resolve("current"), one);
		CodeSource source = new CodeSource(
				new JvmCommand("java", List.of("-cp", "classes:lib/*:missing"), List.of("Main"), List.of()), current,
				this.staging, true, this.remarks::add);
		for (Path release : List.of(one, two)) {
			Files.createDirectory(release.resolve("classes"));
			Files.createDirectory(release.resolve("lib"));
		}
		CodeCopy first = source.take(1);
		Files.delete(current);
		Files.createSymbolicLink(current, two);
		CodeCopy second = source.take(2);
		assertThat(first.workingDirectory()).isEqualTo(one.toRealPath());
		assertThat(second.workingDirectory()).isEqualTo(two.toRealPath());
		assertThat(second.command().options()).containsExactly("-cp",
				"%1$s/classes:%1$s/lib/*:missing".formatted(two.toRealPath()));
	}

	@Test
	void takeWhenExecutableJarIsOnTheClassPathCopiesIt() throws IOException {
		executableJar("app.jar", "one");
		CodeCopy code = source("-cp", "app.jar").take(3);
		assertThat(Path.of(code.command().options().get(1))).hasParent(this.directory.toRealPath());
		assertThat(code.command().options().get(1)).contains(".generation-3-");
	}

	@Test
	void takeWhenClassPathIsPartOfItsOptionCopiesAndPinsIt() throws IOException {
		executableJar("app.jar", "one");
		Path classes = Files.createDirectory(this.directory.resolve("classes"));
		JvmCommand command = new JvmCommand("java", List.of("-Xmx1g", "--class-path=app.jar:classes"), List.of("Main"),
				List.of());
		this.beside = false;
		List<String> options = source(command).take(3).command().options();
		assertThat(options).containsExactly("-Xmx1g", "--class-path=%s:%s"
			.formatted(this.staging.path().resolve("generation-3/app.jar"), classes.toRealPath()));
	}

	@Test
	void takeWhenOthersAreLetInLetsThemReadWhatTheyCouldReadBefore() throws IOException {
		this.staging.makePassable();
		Path jar = executableJar("app.jar", "one");
		Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
		Path copy = Path.of(source("-jar", "app.jar").take(1).command().main().get(1));
		assertThat(Files.getPosixFilePermissions(copy)).contains(PosixFilePermission.OTHERS_READ);
		this.beside = false;
		copy = Path.of(source("-jar", "app.jar").take(2).command().main().get(1));
		assertThat(Files.getPosixFilePermissions(copy)).contains(PosixFilePermission.OTHERS_READ);
		assertThat(Files.getPosixFilePermissions(copy.getParent())).contains(PosixFilePermission.OTHERS_EXECUTE)
			.doesNotContain(PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_READ);
	}

	@Test
	void discardDeletesTheCopiesOfOneGeneration() throws IOException {
		executableJar("app.jar", "one");
		CodeSource source = source("-jar", "app.jar");
		Path first = Path.of(source.take(1).command().main().get(1));
		Path second = Path.of(source.take(2).command().main().get(1));
		source.discard(1);
		assertThat(first).doesNotExist();
		assertThat(second).exists();
	}

	private CodeSource source(String option, String value) {
		JvmCommand command = option.equals("-jar")
				? new JvmCommand("java", List.of(), List.of(option, value), List.of())
				: new JvmCommand("java", List.of(option, value), List.of("Main"), List.of());
		return new CodeSource(command, this.directory, this.staging, this.beside, this.remarks::add);
	}

	private CodeSource source(JvmCommand command) {
		return new CodeSource(command, this.directory, this.staging, this.beside, this.remarks::add);
	}

	private static Manifest executable() {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().putValue("Spring-Boot-Classes", "BOOT-INF/classes/");
		manifest.getMainAttributes().putValue("Spring-Boot-Lib", "BOOT-INF/lib/");
		return manifest;
	}

	private Path executableJar(String name, String version) throws IOException {
		return jar(name, version, executable());
	}

	private Path jar(String name, String version, Manifest manifest) throws IOException {
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		Path jar = this.directory.resolve(name);
		try (OutputStream file = Files.newOutputStream(jar);
				JarOutputStream archive = new JarOutputStream(file, manifest)) {
			archive.putNextEntry(new JarEntry("version.txt"));
			archive.write(version.getBytes());
			archive.closeEntry();
		}
		return jar;
	}

	private static String content(Path jar) throws IOException {
		try (JarFile archive = new JarFile(jar.toFile())) {
			return new String(archive.getInputStream(archive.getEntry("version.txt")).readAllBytes());
		}
	}

}
