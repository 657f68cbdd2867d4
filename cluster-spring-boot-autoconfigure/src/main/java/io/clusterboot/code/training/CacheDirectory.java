package io.clusterboot.code.training;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Where this user keeps what can be made anew, and nobody else can write.
 */
final class CacheDirectory {

	private static final String NAME = "cluster-spring-boot";

	private static final String UID = "unix:uid";

	private static final String MODE = "unix:mode";

	private static final int STICKY = 01000;

	private static final int WRITABLE_FOR_OTHERS = 022;

	private static final int ROOT = 0;

	private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

	private CacheDirectory() {
	}

	/**
	 * Find or make the directory: the one that systemd has made for the service
	 * ({@code CacheDirectory=}), or in that of the user, as the XDG Base Directory
	 * Specification has it.
	 * @param environment the environment variables
	 * @return the directory, or {@code null} if this user has none
	 * @throws IOException if it is not safe
	 */
	static @Nullable Path make(Map<String, String> environment) throws IOException {
		Path parent = parent(environment);
		if (parent == null) {
			return null;
		}
		try {
			// systemd gives a service with a dynamic user a link, which JDK 17 does not
			// take
			// for a directory
			parent = (Files.isDirectory(parent) ? parent : Files.createDirectories(parent)).toRealPath();
		}
		catch (IOException ex) {
			return null;
		}
		return make(parent);
	}

	private static @Nullable Path parent(Map<String, String> environment) {
		String service = environment.getOrDefault("CACHE_DIRECTORY", "");
		if (!service.isEmpty()) {
			return Path.of(service.split(":", -1)[0]);
		}
		String user = environment.getOrDefault("XDG_CACHE_HOME", "");
		if (user.startsWith("/")) {
			return Path.of(user);
		}
		String home = environment.getOrDefault("HOME", "");
		return (home.startsWith("/") && Files.isDirectory(Path.of(home))) ? Path.of(home, ".cache") : null;
	}

	private static @Nullable Path make(Path parent) throws IOException {
		for (Path above = parent; above != null; above = above.getParent()) {
			requireSafe(above);
		}
		Path directory = parent.resolve(NAME);
		try {
			Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
		}
		catch (FileAlreadyExistsException ex) {
			requireOurs(directory);
		}
		catch (IOException ex) {
			return null;
		}
		return (Files.isWritable(directory)) ? directory : null;
	}

	// Whoever can write there can put another directory in the place of the next one
	private static void requireSafe(Path directory) throws IOException {
		Map<String, Object> found = Files.readAttributes(directory, UID + ",mode");
		int mode = (Integer) found.get("mode");
		if ((mode & WRITABLE_FOR_OTHERS) != 0 && (mode & STICKY) == 0) {
			throw new IOException("others can write to %s".formatted(directory));
		}
		if (!found.get("uid").equals(ROOT) && !Objects.equals(found.get("uid"), ourUid())) {
			throw new IOException("%s belongs to another user".formatted(directory));
		}
	}

	private static void requireOurs(Path directory) throws IOException {
		PosixFileAttributes found = Files.readAttributes(directory, PosixFileAttributes.class,
				LinkOption.NOFOLLOW_LINKS);
		if (!found.isDirectory()) {
			throw new IOException("%s is no directory".formatted(directory));
		}
		requireOnlyOurs(directory);
		if (!found.permissions().equals(PRIVATE)) {
			throw new IOException("others can read or write %s".formatted(directory));
		}
	}

	/**
	 * Check that nobody else has written a file or can do so.
	 * @param file the file or directory
	 * @throws IOException if somebody can
	 */
	static void requireOnlyOurs(Path file) throws IOException {
		if (!Objects.equals(Files.getAttribute(file, UID, LinkOption.NOFOLLOW_LINKS), ourUid())) {
			throw new IOException("%s belongs to another user".formatted(file));
		}
		if (((Integer) Files.getAttribute(file, MODE, LinkOption.NOFOLLOW_LINKS) & WRITABLE_FOR_OTHERS) != 0) {
			throw new IOException("others can write to %s".formatted(file));
		}
	}

	private static Object ourUid() throws IOException {
		return Files.getAttribute(Path.of("/proc/self"), UID);
	}

}
