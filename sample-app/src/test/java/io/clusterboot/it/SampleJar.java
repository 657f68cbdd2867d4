package io.clusterboot.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sample application's jar, and copies of it with something more inside.
 */
final class SampleJar {

	private static final String IMPORTS = "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports";

	private SampleJar() {
	}

	static Path original() {
		String jar = System.getProperty("sample.jar");
		assertThat(jar).as("system property sample.jar").isNotNull();
		return Path.of(jar);
	}

	static Path copy(Path target) throws IOException {
		return Files.copy(original(), target, StandardCopyOption.REPLACE_EXISTING);
	}

	/**
	 * Extract the jar and its libraries.
	 * @param target the directory to write them to
	 * @return the extracted jar
	 */
	static Path extract(Path target) {
		Path java = Path.of(System.getProperty("java.home"), "bin", "java");
		Tool.run(java.toString(), "-Djarmode=tools", "-jar", original().toString(), "extract", "--force",
				"--destination", target.toString());
		return target.resolve(original().getFileName());
	}

	/**
	 * A copy whose application has one auto-configuration more.
	 * @param target where to write it
	 * @param autoConfiguration the auto-configuration
	 * @return the target
	 * @throws IOException if it cannot be written
	 */
	static Path with(Path target, Class<?> autoConfiguration) throws IOException {
		return with(target, IMPORTS, autoConfiguration.getName() + "\n", autoConfiguration);
	}

	/**
	 * A copy whose application has one auto-configuration and one property more.
	 * @param target where to write it
	 * @param autoConfiguration the auto-configuration
	 * @param property the property, as in a properties file
	 * @return the target
	 * @throws IOException if it cannot be written
	 */
	static Path with(Path target, Class<?> autoConfiguration, String property) throws IOException {
		with(target, autoConfiguration);
		try (FileSystem jar = FileSystems.newFileSystem(target)) {
			write(jar, "application.properties", property.getBytes(StandardCharsets.UTF_8));
		}
		return target;
	}

	/**
	 * A copy whose application has one resource more, and maybe the class that the
	 * resource names.
	 * @param target where to write it
	 * @param resource the resource's name
	 * @param content its content
	 * @param type the class
	 * @return the target
	 * @throws IOException if it cannot be written
	 */
	static Path with(Path target, String resource, String content, @Nullable Class<?> type) throws IOException {
		copy(target);
		try (FileSystem jar = FileSystems.newFileSystem(target)) {
			write(jar, resource, content.getBytes(StandardCharsets.UTF_8));
			if (type != null) {
				String name = type.getName().replace('.', '/') + ".class";
				try (InputStream bytes = type.getClassLoader().getResourceAsStream(name)) {
					assertThat(bytes).as(name).isNotNull();
					write(jar, name, bytes.readAllBytes());
				}
			}
		}
		assertThatNestedJarsAreStored(target);
		return target;
	}

	private static void write(FileSystem jar, String name, byte[] content) throws IOException {
		Path entry = jar.getPath("BOOT-INF", "classes").resolve(name);
		Files.createDirectories(entry.getParent());
		Files.write(entry, content);
	}

	private static void assertThatNestedJarsAreStored(Path path) throws IOException {
		try (ZipFile jar = new ZipFile(path.toFile())) {
			assertThat(jar.stream().filter((entry) -> entry.getName().endsWith(".jar"))).isNotEmpty()
				.allSatisfy((entry) -> assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED));
		}
	}

}
