package io.clusterboot.code;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.clusterboot.posix.HeldFile;

/**
 * The names of files that lie hidden beside an application's archive, so that what the
 * application finds there it finds beside them too.
 */
public final class HiddenFiles {

	private static final String UID = "unix:uid";

	// A file is created a moment before it is held
	private static final Duration YOUTH = Duration.ofSeconds(2);

	private static final Pattern GENERATION = Pattern.compile("(\\..*\\.)generation-\\d+-[^.]*(?:\\.[^.]*)?");

	private static final String TRAINED = "trained-";

	private static final String EXTRACTED = ".extracted";

	private static final String LIBRARIES = ".lib";

	private HiddenFiles() {
	}

	/**
	 * Name a copy.
	 * @param original the archive
	 * @param cluster what tells the cluster from others
	 * @param generation the generation that the copy is for
	 * @return a file in the directory of the archive, with its extension: servers look at
	 * that
	 */
	static Path copy(Path original, String cluster, int generation) {
		return original.resolveSibling(
				"%s%d-%s%s".formatted(prefix(original), generation, cluster, extension(original.toString())));
	}

	/**
	 * Return whether a copy lies hidden beside its original.
	 * @param copy the copy
	 * @return whether it does
	 */
	public static boolean isHidden(Path copy) {
		return GENERATION.matcher(copy.getFileName().toString()).matches();
	}

	/**
	 * Name the jar that is left when the libraries are taken out of a copy. Its name is
	 * the same for all generations and clusters that can share it.
	 * @param copy the copy
	 * @param key what tells what the copy holds from anything else
	 * @return a file beside the copy
	 */
	public static Path extracted(Path copy, String key) {
		Matcher name = GENERATION.matcher(copy.getFileName().toString());
		String stem = (name.matches()) ? name.group(1) + TRAINED + key : stem(copy);
		return copy.resolveSibling(stem + EXTRACTED + extension(copy.toString()));
	}

	/**
	 * Name a file that is to become such a jar when it is whole.
	 * @param copy the copy
	 * @return a file beside the copy
	 */
	public static Path unfinished(Path copy) {
		return copy.resolveSibling(stem(copy) + EXTRACTED + extension(copy.toString()));
	}

	/**
	 * Find the libraries that were taken out of a jar.
	 * @param extracted the jar that is left
	 * @return the directory with the libraries
	 */
	public static Path librariesOf(Path extracted) {
		String stem = stem(extracted);
		return extracted.resolveSibling(stem.substring(0, stem.length() - EXTRACTED.length()) + LIBRARIES);
	}

	/**
	 * Delete a jar that is left of a copy, and the link to its libraries, unless somebody
	 * holds it; as far as possible.
	 * @param extracted the jar
	 */
	public static void deleteExtracted(Path extracted) {
		try {
			if (!Files.exists(extracted)) {
				deleteLink(librariesOf(extracted));
				return;
			}
			HeldFile.unlessHeld(extracted, (jar) -> {
				// Before the jar, without which nobody would find it again
				deleteLink(librariesOf(jar));
				Files.deleteIfExists(jar);
			});
		}
		catch (IOException ex) {
			// somebody else deletes it, or the next start
		}
	}

	private static void deleteLink(Path link) throws IOException {
		if (Files.isSymbolicLink(link)) {
			Files.deleteIfExists(link);
		}
	}

	/**
	 * Delete what clusters whose primary was killed have left beside an archive.
	 * @param original the archive
	 * @throws IOException if the directory cannot be read
	 */
	static void deleteAbandoned(Path original) throws IOException {
		deleteAbandoned(original, Instant.now().minus(YOUTH));
	}

	static void deleteAbandoned(Path original, Instant young) throws IOException {
		Pattern name = Pattern.compile(Pattern.quote(".%s.".formatted(original.getFileName()))
				+ "(?:generation-\\d+-\\d+(?:\\.extracted)?|trained-\\p{XDigit}+\\.extracted)"
				+ Pattern.quote(extension(original.toString())));
		try (DirectoryStream<Path> files = Files.newDirectoryStream(original.getParent(),
				(file) -> name.matcher(file.getFileName().toString()).matches())) {
			for (Path file : files) {
				if (isOurs(file) && changed(file).isBefore(young)
						&& Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
					delete(file);
				}
			}
		}
	}

	private static void delete(Path file) throws IOException {
		if (stem(file).endsWith(EXTRACTED)) {
			deleteExtracted(file);
		}
		else {
			HeldFile.unlessHeld(file, Files::deleteIfExists);
		}
	}

	private static boolean isOurs(Path file) throws IOException {
		return Objects.equals(Files.getAttribute(file, UID, LinkOption.NOFOLLOW_LINKS),
				Files.getAttribute(Path.of("/proc/self"), UID));
	}

	private static Instant changed(Path file) throws IOException {
		return ((FileTime) Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS)).toInstant();
	}

	private static String prefix(Path original) {
		return ".%s.generation-".formatted(original.getFileName());
	}

	private static String stem(Path file) {
		String name = file.getFileName().toString();
		return name.substring(0, name.length() - extension(name).length());
	}

	private static String extension(String name) {
		int dot = name.lastIndexOf('.');
		return (dot > name.lastIndexOf('/') + 1) ? name.substring(dot) : "";
	}

}
