package io.clusterboot.code;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ExtractableArchive}.
 */
class ExtractableArchiveTests {

	private static final String TOOLS = "BOOT-INF/lib/spring-boot-jarmode-tools-4.1.0.jar";

	private final Map<String, String> attributes = new LinkedHashMap<>(
			Map.of("Manifest-Version", "1.0", "Main-Class", "org.springframework.boot.loader.launch.JarLauncher",
					"Spring-Boot-Lib", "BOOT-INF/lib/", "Spring-Boot-Classpath-Index", "BOOT-INF/classpath.idx"));

	private final Map<String, String> entries = new LinkedHashMap<>(
			Map.of("BOOT-INF/classpath.idx", "- \"BOOT-INF/lib/a.jar\"\n- \"" + TOOLS + "\"\n"));

	@TempDir
	private Path directory;

	ExtractableArchiveTests() {
		this.entries.put("BOOT-INF/classes/A.class", "");
		this.entries.put("BOOT-INF/lib/a.jar", "");
		this.entries.put(TOOLS, "");
	}

	@Test
	void reasonAgainstWhenJarIsOrdinaryIsNone() throws IOException {
		assertThat(reason()).isNull();
	}

	@Test
	void reasonAgainstWhenLauncherIsAnotherNamesTheLauncher() throws IOException {
		this.attributes.put("Main-Class", "org.springframework.boot.loader.launch.PropertiesLauncher");
		assertThat(reason()).contains("JarLauncher");
	}

	@Test
	void reasonAgainstWhenManifestHasAClassPathNamesIt() throws IOException {
		this.attributes.put("Class-Path", "config/");
		assertThat(reason()).contains("Class-Path");
	}

	@Test
	void reasonAgainstWhenManifestHasAnAgentNamesIt() throws IOException {
		this.attributes.put("Launcher-Agent-Class", "a.B");
		assertThat(reason()).contains("Launcher-Agent-Class");
	}

	@Test
	void reasonAgainstWhenJarIsSignedSaysSo() throws IOException {
		this.entries.put("META-INF/KEY.SF", "");
		assertThat(reason()).contains("signed");
	}

	@Test
	void reasonAgainstWhenFilesWouldBeLostNamesOne() throws IOException {
		this.entries.put("static/index.html", "");
		assertThat(reason()).contains("static/index.html");
	}

	@Test
	void reasonAgainstWhenToolsAreMissingSaysSo() throws IOException {
		this.entries.remove(TOOLS);
		this.entries.put("BOOT-INF/classpath.idx", "- \"BOOT-INF/lib/a.jar\"\n");
		assertThat(reason()).contains("spring-boot-jarmode-tools");
	}

	@Test
	void reasonAgainstWhenOrderOfLibrariesWouldChangeSaysSo() throws IOException {
		this.entries.put("BOOT-INF/classpath.idx", "- \"" + TOOLS + "\"\n- \"BOOT-INF/lib/a.jar\"\n");
		assertThat(reason()).contains("order");
	}

	private String reason() throws IOException {
		Manifest manifest = new Manifest();
		this.attributes.forEach((name, value) -> manifest.getMainAttributes().put(new Attributes.Name(name), value));
		Path jar = this.directory.resolve("app.jar");
		try (OutputStream file = Files.newOutputStream(jar);
				JarOutputStream archive = new JarOutputStream(file, manifest)) {
			for (Map.Entry<String, String> entry : this.entries.entrySet()) {
				archive.putNextEntry(new ZipEntry(entry.getKey()));
				archive.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
			}
		}
		return ExtractableArchive.reasonAgainst(jar);
	}

}
