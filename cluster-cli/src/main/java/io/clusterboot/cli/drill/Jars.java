package io.clusterboot.cli.drill;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * Copies of the application's jar, good and bad.
 */
final class Jars {

	private static final Attributes.Name START_CLASS = new Attributes.Name("Start-Class");

	private static final String NOBODY = "cluster.drill.NoSuchClass";

	private Jars() {
	}

	/**
	 * Make sure that a copy of a jar is the whole application.
	 * @param jar the jar
	 * @throws IllegalArgumentException if it is not, with the reason
	 */
	static void check(Path jar) {
		try (JarFile file = new JarFile(jar.toFile())) {
			Manifest manifest = file.getManifest();
			if (manifest == null || manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS) == null) {
				throw new IllegalArgumentException(
						"%s has no Main-Class: 'java -jar' would not start it".formatted(jar));
			}
			if (manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH) != null) {
				throw new IllegalArgumentException(
						"%s has a Class-Path, so it is not the whole application: name the jar that the build has made"
							.formatted(jar));
			}
		}
		catch (IOException ex) {
			throw new IllegalArgumentException("%s cannot be read as a jar: %s".formatted(jar, ex.getMessage()), ex);
		}
	}

	/**
	 * Make a copy of which the end is missing, as of an upload that broke off.
	 * @param jar the jar
	 * @param target where to write it
	 * @throws IOException if that is not possible
	 */
	static void half(Path jar, Path target) throws IOException {
		Files.copy(jar, target, StandardCopyOption.REPLACE_EXISTING);
		try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
			channel.truncate(channel.size() / 2);
		}
	}

	/**
	 * Make a copy that is whole and whose main class is not in it.
	 * @param jar the jar
	 * @param target where to write it
	 * @throws IOException if that is not possible
	 */
	static void headless(Path jar, Path target) throws IOException {
		Files.copy(jar, target, StandardCopyOption.REPLACE_EXISTING);
		try (FileSystem files = FileSystems.newFileSystem(target)) {
			Path path = files.getPath(JarFile.MANIFEST_NAME);
			Manifest manifest = new Manifest();
			try (InputStream input = Files.newInputStream(path)) {
				manifest.read(input);
			}
			Attributes main = manifest.getMainAttributes();
			main.put((main.containsKey(START_CLASS)) ? START_CLASS : Attributes.Name.MAIN_CLASS, NOBODY);
			try (OutputStream output = Files.newOutputStream(path)) {
				manifest.write(output);
			}
		}
	}

}
