package io.clusterboot.bootstrap;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.clusterboot.code.StagingDirectory;
import io.clusterboot.primary.PrimaryMain;

import org.springframework.util.ClassUtils;

/**
 * Copies the libraries of the primary to where nobody replaces them: ours, JNA, and the
 * annotations that say which values of a message may be missing.
 */
final class PrimaryLibraries {

	private static final List<String> OTHERS = List.of("com.sun.jna.Native", "org.jspecify.annotations.Nullable");

	private final StagingDirectory staging;

	PrimaryLibraries(StagingDirectory staging) {
		this.staging = staging;
	}

	List<Path> copy() throws IOException {
		List<Path> libraries = new ArrayList<>(List.of(copy(PrimaryMain.class, "primary")));
		for (String other : OTHERS) {
			Class<?> type = ClassUtils.resolveClassName(other, PrimaryMain.class.getClassLoader());
			libraries.add(copy(type, other.substring(0, other.lastIndexOf('.'))));
		}
		return libraries;
	}

	private Path copy(Class<?> type, String name) throws IOException {
		URL location = type.getProtectionDomain().getCodeSource().getLocation();
		if (location.getProtocol().equals("file") && location.getPath().endsWith("/")) {
			return copyDirectory(Path.of(URI.create(location.toString())), name);
		}
		try (InputStream library = archive(location).openStream()) {
			return this.staging.store(name + ".jar", library);
		}
	}

	// A library in an executable jar: jar:nested:/app.jar/!BOOT-INF/lib/library.jar!/
	private static URL archive(URL location) throws IOException {
		String url = location.toString();
		boolean nested = url.startsWith("jar:") && url.endsWith("!/");
		return (nested) ? URI.create(url.substring("jar:".length(), url.length() - "!/".length())).toURL() : location;
	}

	private Path copyDirectory(Path directory, String name) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				try (InputStream content = Files.newInputStream(file)) {
					this.staging.store(name + "/" + directory.relativize(file), content);
				}
			}
		}
		return this.staging.path().resolve(name);
	}

}
