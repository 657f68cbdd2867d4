package io.clusterboot.code;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;

/**
 * An archive with an application and its libraries in it, as Spring Boot's plugins make
 * it.
 */
final class ApplicationArchive {

	// Set by Spring Boot's plugins in the manifest of an executable jar or war
	private static final Attributes.Name CLASSES = new Attributes.Name("Spring-Boot-Classes");

	private static final Attributes.Name LIBRARIES = new Attributes.Name("Spring-Boot-Lib");

	private ApplicationArchive() {
	}

	/**
	 * Return whether a file is an executable jar or war as Spring Boot's plugins make it.
	 * @param file the file
	 * @return whether it is one
	 * @throws IOException if it is not a readable archive
	 */
	static boolean isExecutable(Path file) throws IOException {
		Attributes attributes = attributes(file);
		return attributes.containsKey(CLASSES) && attributes.containsKey(LIBRARIES);
	}

	/**
	 * Return whether an archive names others, relative to itself, that belong to it.
	 * @param file the archive
	 * @return whether it has a class path
	 * @throws IOException if it is not a readable archive
	 */
	static boolean hasClassPath(Path file) throws IOException {
		return attributes(file).containsKey(Attributes.Name.CLASS_PATH);
	}

	private static Attributes attributes(Path file) throws IOException {
		try (JarFile archive = new JarFile(file.toFile(), false)) {
			Manifest manifest = archive.getManifest();
			return (manifest != null) ? manifest.getMainAttributes() : new Attributes();
		}
	}

	/**
	 * Check that a file is a whole archive.
	 * @param file the file
	 * @throws IOException if it is not
	 */
	static void requireWhole(Path file) throws IOException {
		try (RandomAccessFile archive = new RandomAccessFile(file.toFile(), "r")) {
			if (!ArchiveEnd.isWhole(archive)) {
				throw new IOException("%s is not a complete archive: it does not end as one".formatted(file));
			}
		}
	}

	/**
	 * Check every entry of a copy, which nobody changes any more.
	 * @param copy the copy
	 * @param original what it was made of
	 * @throws IOException if it is not complete
	 */
	static void check(Path copy, Path original) throws IOException {
		try {
			check(copy);
		}
		catch (ZipException ex) {
			throw new IOException("%s is not a complete archive: %s".formatted(original, ex.getMessage()), ex);
		}
	}

	private static void check(Path copy) throws IOException {
		try (JarFile archive = new JarFile(copy.toFile(), false)) {
			for (ZipEntry entry : Collections.list(archive.entries())) {
				CRC32 checksum = new CRC32();
				try (InputStream content = new CheckedInputStream(archive.getInputStream(entry), checksum)) {
					content.transferTo(OutputStream.nullOutputStream());
				}
				if (checksum.getValue() != entry.getCrc()) {
					throw new ZipException("the checksum of %s is wrong".formatted(entry.getName()));
				}
			}
		}
	}

}
