package io.clusterboot.bootstrap;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;

import io.clusterboot.Cluster;

import org.springframework.util.ClassUtils;

/**
 * The classes that a worker needs in addition to the application. A training start is no
 * worker, so without help they would be missing in what it leaves behind.
 */
final class WorkerClasses {

	private static final String JNA = "com.sun.jna.Native";

	private WorkerClasses() {
	}

	/**
	 * Load the classes, as far as possible.
	 */
	static void load() {
		ClassLoader loader = WorkerClasses.class.getClassLoader();
		for (Class<?> type : List.of(Cluster.class, ClassUtils.resolveClassName(JNA, loader))) {
			try {
				Path library = Path.of(location(type));
				if (Files.isRegularFile(library)) {
					load(library, type.getPackageName().replace('.', '/') + "/", loader);
				}
			}
			catch (IOException | URISyntaxException ex) {
				// then without them
			}
		}
	}

	private static URI location(Class<?> type) throws URISyntaxException {
		return type.getProtectionDomain().getCodeSource().getLocation().toURI();
	}

	private static void load(Path library, String prefix, ClassLoader loader) throws IOException {
		try (JarFile archive = new JarFile(library.toFile())) {
			archive.stream()
				.map((entry) -> entry.getName())
				.filter((name) -> name.startsWith(prefix) && name.endsWith(".class"))
				.map((name) -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
				.forEach((name) -> load(name, loader));
		}
	}

	private static void load(String name, ClassLoader loader) {
		try {
			Class.forName(name, false, loader);
		}
		catch (ClassNotFoundException | LinkageError ex) {
			// it needs what the application does not have
		}
	}

}
