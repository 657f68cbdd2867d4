package io.clusterboot.cli.drill;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Jars}.
 */
class JarsTests {

	@TempDir
	private Path directory;

	private Path jar;

	private Path target;

	@BeforeEach
	void name() {
		this.jar = this.directory.resolve("app.jar");
		this.target = this.directory.resolve("next.jar");
	}

	@Test
	void whatIsNoWholeApplicationIsRefused() throws IOException {
		assertThatIllegalArgumentException().isThrownBy(() -> Jars.check(this.jar)).withMessageContaining("app.jar");
		write("Implementation-Title", "library");
		assertThatIllegalArgumentException().isThrownBy(() -> Jars.check(this.jar))
			.withMessageContaining("has no Main-Class");
		write("Main-Class", "a.B", "Class-Path", "lib/c.jar");
		assertThatIllegalArgumentException().isThrownBy(() -> Jars.check(this.jar))
			.withMessageContaining("name the jar that the build has made");
		write("Main-Class", "a.B");
		Jars.check(this.jar);
	}

	@Test
	void halfAJarCannotBeRead() throws IOException {
		write("Main-Class", "a.B");
		Jars.half(this.jar, this.target);
		assertThatIOException().isThrownBy(() -> new JarFile(this.target.toFile()).close());
		Jars.check(this.jar);
	}

	@Test
	void jarWithoutItsMainClassIsWhole() throws IOException {
		write("Main-Class", "a.Launcher", "Start-Class", "a.B");
		Jars.headless(this.jar, this.target);
		try (JarFile file = new JarFile(this.target.toFile())) {
			assertThat(file.getManifest().getMainAttributes().getValue("Main-Class")).isEqualTo("a.Launcher");
			assertThat(file.getManifest().getMainAttributes().getValue("Start-Class")).contains("NoSuchClass");
			assertThat(file.getEntry("content")).isNotNull();
		}
		write("Main-Class", "a.B");
		Jars.headless(this.jar, this.target);
		try (JarFile file = new JarFile(this.target.toFile())) {
			assertThat(file.getManifest().getMainAttributes().getValue("Main-Class")).contains("NoSuchClass");
		}
	}

	private void write(String... attributes) throws IOException {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
		for (int i = 0; i < attributes.length; i += 2) {
			manifest.getMainAttributes().putValue(attributes[i], attributes[i + 1]);
		}
		try (OutputStream output = Files.newOutputStream(this.jar);
				JarOutputStream file = new JarOutputStream(output, manifest)) {
			file.putNextEntry(new JarEntry("content"));
			file.write(new byte[1000]);
		}
	}

}
