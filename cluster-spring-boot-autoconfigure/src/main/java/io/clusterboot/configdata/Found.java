package io.clusterboot.configdata;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.springframework.core.io.InputStreamSource;

/**
 * What is at a place now.
 *
 * @param kind what it is
 * @param files the content of the files by their paths below the place, that of a single
 * file by the empty path
 */
record Found(KeptKind kind, Map<Path, byte[]> files) {

	static final Found NOTHING = new Found(KeptKind.MISSING, Map.of());

	private static final int MAX_DEPTH = 100;

	static Found at(Path path) throws IOException {
		if (Files.isDirectory(path)) {
			return new Found(KeptKind.DIRECTORY, Map.of());
		}
		return (Files.exists(path)) ? file(() -> Files.newInputStream(path)) : NOTHING;
	}

	static Found file(InputStreamSource content) throws IOException {
		try (InputStream stream = content.getInputStream()) {
			return new Found(KeptKind.FILE, Map.of(Path.of(""), stream.readAllBytes()));
		}
	}

	/**
	 * Read what a {@code ConfigTreePropertySource} would read.
	 * @param path the root of a config tree
	 * @return what is there
	 * @throws IOException if something cannot be read
	 */
	static Found tree(Path path) throws IOException {
		if (!Files.isDirectory(path)) {
			return at(path);
		}
		Map<Path, byte[]> files = new TreeMap<>();
		try (Stream<Path> found = Files.find(path, MAX_DEPTH, (file, attributes) -> attributes.isRegularFile(),
				FileVisitOption.FOLLOW_LINKS)) {
			for (Path file : found.map(path::relativize).filter(Found::isVisible).toList()) {
				files.put(file, Files.readAllBytes(path.resolve(file)));
			}
		}
		return new Found(KeptKind.DIRECTORY, files);
	}

	// Kubernetes keeps the versions of a mounted volume in such directories
	private static boolean isVisible(Path path) {
		return StreamSupport.stream(path.spliterator(), false)
			.noneMatch((element) -> element.toString().startsWith(".."));
	}

}
