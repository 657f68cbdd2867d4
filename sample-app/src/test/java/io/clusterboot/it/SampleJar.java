package io.clusterboot.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.zip.CRC32;
import java.util.zip.Checksum;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sample application's jar, and copies of it with something more inside.
 */
final class SampleJar {

	private static final String IMPORTS = "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports";

	// A library could not be loaded from the jar otherwise
	private static final Map<String, String> STORED = Map.of("compressionMethod", "STORED");

	private static final Path VARIANTS = Path.of("target", "it", "variants");

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
	 * A copy whose application has one auto-configuration and the libraries that it needs
	 * more.
	 * @param target where to write it
	 * @param autoConfiguration the auto-configuration
	 * @param libraries a class of each library
	 * @return the target
	 * @throws IOException if it cannot be written
	 */
	static Path with(Path target, Class<?> autoConfiguration, List<Class<?>> libraries) throws IOException {
		Map<String, byte[]> more = new TreeMap<>(classFiles(autoConfiguration));
		more.put(IMPORTS, bytes(autoConfiguration.getName() + "\n"));
		for (Class<?> type : libraries) {
			Path library = library(type);
			more.put("../lib/" + library.getFileName(), Files.readAllBytes(library));
		}
		return with(target, more);
	}

	/**
	 * A jar with one auto-configuration, for the class path.
	 * @param target where to write it
	 * @param autoConfiguration the auto-configuration
	 * @return the target
	 * @throws IOException if it cannot be written
	 */
	static Path more(Path target, Class<?> autoConfiguration) throws IOException {
		Map<String, byte[]> files = classFiles(autoConfiguration);
		files.put(IMPORTS, bytes(autoConfiguration.getName() + "\n"));
		try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(target))) {
			for (Map.Entry<String, byte[]> file : files.entrySet()) {
				jar.putNextEntry(new ZipEntry(file.getKey()));
				jar.write(file.getValue());
			}
		}
		return target;
	}

	static Path library(Class<?> type) {
		return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
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
		Map<String, byte[]> more = classFiles(autoConfiguration);
		more.put(IMPORTS, bytes(autoConfiguration.getName() + "\n"));
		more.put("application.properties", bytes(property));
		return with(target, more);
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
		Map<String, byte[]> more = new TreeMap<>();
		if (type != null) {
			more.putAll(classFiles(type));
		}
		more.put(resource, bytes(content));
		return with(target, more);
	}

	/**
	 * A copy whose application is another version.
	 * @param target where to write it
	 * @param version the version
	 * @return the target
	 * @throws IOException if it cannot be written
	 */
	static Path version(Path target, String version) throws IOException {
		return with(target, "application.properties", "sample.version=" + version + "\n", null);
	}

	// Written once per build, as that takes longer than to copy it
	private static Path with(Path target, Map<String, byte[]> more) throws IOException {
		Path variant = VARIANTS.resolve(name(more));
		if (!FastSample.isNewer(variant, original())) {
			Files.createDirectories(VARIANTS);
			// The tests may run in several JVMs
			Path unfinished = Files.createTempFile(VARIANTS, "unfinished-", ".jar");
			copy(unfinished);
			try (FileSystem jar = FileSystems.newFileSystem(unfinished, STORED)) {
				for (Map.Entry<String, byte[]> entry : more.entrySet()) {
					Path file = jar.getPath("BOOT-INF", "classes").resolve(entry.getKey()).normalize();
					Files.createDirectories(file.getParent());
					Files.write(file, entry.getValue());
				}
			}
			assertThatNestedJarsAreStored(unfinished);
			Files.move(unfinished, variant, StandardCopyOption.ATOMIC_MOVE);
		}
		return Files.copy(variant, target, StandardCopyOption.REPLACE_EXISTING);
	}

	private static String name(Map<String, byte[]> more) {
		Checksum checksum = new CRC32();
		more.forEach((name, content) -> {
			checksum.update(bytes(name));
			checksum.update(content);
		});
		return "%08x.jar".formatted(checksum.getValue());
	}

	private static Map<String, byte[]> classFiles(Class<?> type) throws IOException {
		Map<String, byte[]> files = new TreeMap<>();
		String name = type.getName().replace('.', '/') + ".class";
		try (InputStream bytes = type.getClassLoader().getResourceAsStream(name)) {
			assertThat(bytes).as(name).isNotNull();
			files.put(name, bytes.readAllBytes());
		}
		for (Class<?> nested : type.getDeclaredClasses()) {
			files.putAll(classFiles(nested));
		}
		return files;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static void assertThatNestedJarsAreStored(Path path) throws IOException {
		try (ZipFile jar = new ZipFile(path.toFile())) {
			assertThat(jar.stream().filter((entry) -> entry.getName().endsWith(".jar"))).isNotEmpty()
				.allSatisfy((entry) -> assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED));
		}
	}

}
