package io.clusterboot.code;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

import org.jspecify.annotations.Nullable;

/**
 * An executable jar that does the same when it is extracted into a plain jar and its
 * libraries, as the {@code extract} command of Spring Boot's tools does it.
 */
public final class ExtractableArchive {

	private static final String LAUNCHER = "org.springframework.boot.loader.launch.JarLauncher";

	private static final Attributes.Name LAUNCHER_AGENT = new Attributes.Name("Launcher-Agent-Class");

	private static final Attributes.Name INDEX = new Attributes.Name("Spring-Boot-Classpath-Index");

	private static final Attributes.Name LIBRARIES = new Attributes.Name("Spring-Boot-Lib");

	// What IndexedJarStructure of Spring Boot's tools knows of; it leaves out the rest
	private static final List<String> KNOWN = List.of("BOOT-INF/", "META-INF/", "org/springframework/boot/loader/");

	private static final String TOOLS = "spring-boot-jarmode-tools";

	private ExtractableArchive() {
	}

	/**
	 * Return why workers should not run the extracted form of a jar.
	 * @param jar the jar
	 * @return the reason or {@code null} if it makes no difference
	 * @throws IOException if the jar cannot be read
	 */
	public static @Nullable String reasonAgainst(Path jar) throws IOException {
		if (hasSomethingInFront(jar)) {
			return "the jar has a script in front";
		}
		try (JarFile archive = new JarFile(jar.toFile(), false)) {
			Manifest manifest = archive.getManifest();
			Attributes attributes = (manifest != null) ? manifest.getMainAttributes() : new Attributes();
			if (!LAUNCHER.equals(attributes.getValue(Attributes.Name.MAIN_CLASS))) {
				return "the application is not started by Spring Boot's JarLauncher";
			}
			if (attributes.containsKey(Attributes.Name.CLASS_PATH)) {
				return "the manifest of the jar has a Class-Path";
			}
			if (attributes.containsKey(LAUNCHER_AGENT)) {
				return "the manifest of the jar has a Launcher-Agent-Class";
			}
			return reasonAgainst(archive, attributes.getValue(INDEX), attributes.getValue(LIBRARIES));
		}
	}

	// The tools do not look further than the first bytes
	private static boolean hasSomethingInFront(Path jar) throws IOException {
		try (InputStream beginning = Files.newInputStream(jar)) {
			return beginning.read() != 'P' || beginning.read() != 'K';
		}
	}

	private static @Nullable String reasonAgainst(JarFile archive, @Nullable String index, @Nullable String directory)
			throws IOException {
		List<String> files = archive.stream().filter((entry) -> !entry.isDirectory()).map(JarEntry::getName).toList();
		if (files.stream().anyMatch((name) -> name.startsWith("META-INF/") && name.endsWith(".SF"))) {
			return "the jar is signed";
		}
		String foreign = files.stream()
			.filter((name) -> KNOWN.stream().noneMatch(name::startsWith))
			.findFirst()
			.orElse(null);
		if (foreign != null) {
			return "the jar has files where an extracted one has none (%s)".formatted(foreign);
		}
		List<String> libraries = files.stream()
			.filter((name) -> directory != null && name.startsWith(directory) && name.endsWith(".jar"))
			.toList();
		if (libraries.stream().noneMatch((name) -> name.contains(TOOLS))) {
			return "%s is not in the jar".formatted(TOOLS);
		}
		return libraries.equals(readIndex(archive, index)) ? null
				: "the libraries in the jar are not those of its index, or not in that order";
	}

	private static List<String> readIndex(JarFile archive, @Nullable String name) throws IOException {
		JarEntry entry = (name != null) ? archive.getJarEntry(name) : null;
		if (entry == null) {
			return List.of();
		}
		try (BufferedReader index = new BufferedReader(
				new InputStreamReader(archive.getInputStream(entry), StandardCharsets.UTF_8))) {
			return index.lines()
				.filter((line) -> line.startsWith("- \""))
				.map((line) -> line.substring(3, line.length() - 1))
				.toList();
		}
	}

}
