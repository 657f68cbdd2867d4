package io.clusterboot.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Where the control sockets of a user's clusters are: one file for each, named after the
 * process id of its primary, in a directory that nobody else can look into.
 *
 * @param path the directory
 */
public record ControlDirectory(Path path) {

	/**
	 * In the user's directory for sockets.
	 */
	private static final String NAME = "cluster-spring-boot";

	// Where there is none. Not java.io.tmpdir, which an application may have for itself
	private static final Path TEMPORARY = Path.of("/tmp");

	private static final String TEMPORARY_NAME = "cluster-control-";

	private static final Path RUNTIME = Path.of("/run/user");

	private static final String SUFFIX = ".sock";

	// sockaddr_un, see man 7 unix
	private static final int LONGEST_PATH = 107;

	private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

	/**
	 * Return where a primary of this user makes its socket: in {@code $XDG_RUNTIME_DIR}
	 * if there is such a directory, else in {@code /tmp}.
	 * @param environment the environment variables
	 * @return the directory, which need not exist
	 * @throws IOException if it is not known who the user is
	 */
	public static ControlDirectory ofUser(Map<String, String> environment) throws IOException {
		return ofUser(environment, TEMPORARY);
	}

	static ControlDirectory ofUser(Map<String, String> environment, Path temporary) throws IOException {
		String runtime = environment.get("XDG_RUNTIME_DIR");
		if (runtime != null && !runtime.isEmpty() && Files.isWritable(Path.of(runtime))) {
			return new ControlDirectory(Path.of(runtime, NAME));
		}
		return new ControlDirectory(temporary.resolve(TEMPORARY_NAME + uid()));
	}

	/**
	 * Return where sockets may be that this user can reach: those of its own clusters,
	 * and for root those of everybody.
	 * @param environment the environment variables
	 * @return the directories
	 * @throws IOException if it is not known who the user is
	 */
	public static List<ControlDirectory> reachable(Map<String, String> environment) throws IOException {
		List<ControlDirectory> found = new ArrayList<>();
		found.add(ofUser(environment));
		ControlDirectory temporary = ofUser(Map.of());
		if (!found.contains(temporary)) {
			found.add(temporary);
		}
		if (uid() == 0) {
			addAll(TEMPORARY, TEMPORARY_NAME, "", found);
			addAll(RUNTIME, "", NAME, found);
		}
		return found;
	}

	// Anybody can make a directory of that name, but not as somebody else
	private static void addAll(Path parent, String prefix, String child, List<ControlDirectory> found)
			throws IOException {
		if (!Files.isDirectory(parent)) {
			return;
		}
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, prefix + "*")) {
			for (Path entry : entries) {
				String uid = entry.getFileName().toString().substring(prefix.length());
				ControlDirectory directory = new ControlDirectory(entry.resolve(child));
				if (!found.contains(directory) && directory.isPrivateOf(uid)) {
					found.add(directory);
				}
			}
		}
	}

	private boolean isPrivateOf(String uid) {
		try {
			Map<String, Object> attributes = attributes();
			return isPrivate(attributes) && uid.equals(String.valueOf(attributes.get("uid")));
		}
		catch (IOException ex) {
			return false;
		}
	}

	private Map<String, Object> attributes() throws IOException {
		return Files.readAttributes(this.path, "unix:uid,isDirectory,permissions", LinkOption.NOFOLLOW_LINKS);
	}

	private static boolean isPrivate(Map<String, Object> attributes) {
		return Boolean.TRUE.equals(attributes.get("isDirectory")) && attributes.get("permissions").equals(PRIVATE);
	}

	/**
	 * Return whose directory this is.
	 * @return the user
	 * @throws IOException if that cannot be read
	 */
	public UserPrincipal owner() throws IOException {
		return Files.getOwner(this.path, LinkOption.NOFOLLOW_LINKS);
	}

	private static int uid() throws IOException {
		return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
	}

	/**
	 * Make the directory, unless it is there.
	 * @throws IOException if it cannot be made or is not of this user alone
	 */
	void make() throws IOException {
		if (!Files.exists(this.path, LinkOption.NOFOLLOW_LINKS)) {
			Files.createDirectories(this.path.toAbsolutePath().getParent());
			Files.createDirectory(this.path, PosixFilePermissions.asFileAttribute(PRIVATE));
		}
		Map<String, Object> found = attributes();
		if (!isPrivate(found) || !found.get("uid").equals(uid())) {
			throw new IOException("%s is not a directory of this user with mode 0700".formatted(this.path));
		}
	}

	/**
	 * Return where the socket of a primary is.
	 * @param pid its process id
	 * @return the path
	 * @throws IOException if no socket can have such a path
	 */
	public Path socket(long pid) throws IOException {
		Path socket = this.path.toAbsolutePath().resolve(pid + SUFFIX);
		int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
		if (length > LONGEST_PATH) {
			throw new IOException("%s is %d bytes long, and the path of a socket has at most %d".formatted(socket,
					length, LONGEST_PATH));
		}
		return socket;
	}

	/**
	 * Return all sockets, also those of primaries that were killed.
	 * @return the process ids of the primaries that made them
	 * @throws IOException if the directory cannot be read
	 */
	public List<Long> primaries() throws IOException {
		List<Long> found = new ArrayList<>();
		if (!Files.isDirectory(this.path, LinkOption.NOFOLLOW_LINKS)) {
			return found;
		}
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(this.path, "*" + SUFFIX)) {
			for (Path entry : entries) {
				Long pid = pid(entry.getFileName().toString());
				if (pid != null) {
					found.add(pid);
				}
			}
		}
		return found;
	}

	private static @Nullable Long pid(String name) {
		try {
			return Long.valueOf(name.substring(0, name.length() - SUFFIX.length()));
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	/**
	 * Delete the sockets of primaries that were killed.
	 * @throws IOException if the directory cannot be read
	 */
	void deleteAbandoned() throws IOException {
		for (long pid : primaries()) {
			if (ProcessHandle.of(pid).isEmpty()) {
				Files.deleteIfExists(socket(pid));
			}
		}
	}

}
