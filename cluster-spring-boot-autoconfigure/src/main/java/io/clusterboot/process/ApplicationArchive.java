package io.clusterboot.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
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
	 * Return whether a file has everything in it that it needs to be started.
	 * @param file the file
	 * @return whether it is an executable jar or war of Spring Boot
	 * @throws IOException if it is not a readable archive
	 */
	static boolean isExecutable(Path file) throws IOException {
		try (JarFile archive = new JarFile(file.toFile(), false)) {
			Manifest manifest = archive.getManifest();
			return manifest != null && manifest.getMainAttributes().containsKey(CLASSES)
					&& manifest.getMainAttributes().containsKey(LIBRARIES);
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
	 * Copy an archive and check the copy, which nobody changes any more.
	 * @param file the archive
	 * @param directory where the copy goes
	 * @return the copy
	 * @throws IOException if it changes meanwhile, is not complete, or does not fit
	 */
	static Path copy(Path file, Path directory) throws IOException {
		Path copy = directory.resolve(file.getFileName());
		FileTime modified = Files.getLastModifiedTime(file);
		Files.copy(file, copy);
		if (Files.size(file) != Files.size(copy) || !Files.getLastModifiedTime(file).equals(modified)) {
			throw new IOException("%s is being written".formatted(file));
		}
		try {
			check(copy);
		}
		catch (ZipException ex) {
			throw new IOException("%s is not a complete archive: %s".formatted(file, ex.getMessage()), ex);
		}
		return copy;
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
