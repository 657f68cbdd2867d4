package io.clusterboot.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The control group whose memory this process uses, and all that it starts: see
 * cgroups(7) and proc(5), {@code mountinfo}.
 *
 * @param directory where the kernel shows the group
 * @param top where it shows the outermost group that can be seen from here
 * @param version of which version the group is
 */
record MemoryGroup(Path directory, Path top, Version version) {

	private static final Path GROUPS = Path.of("/proc/self/cgroup");

	private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

	static @Nullable MemoryGroup ofCurrentProcess() {
		try {
			return find(Files.readAllLines(GROUPS), Files.readAllLines(MOUNTS));
		}
		catch (IOException | InvalidPathException ex) {
			return null;
		}
	}

	/**
	 * Find the group of a process.
	 * @param groups the lines of {@code /proc/PID/cgroup}
	 * @param mounts the lines of {@code /proc/PID/mountinfo}
	 * @return the group, or {@code null} if it cannot be told
	 */
	static @Nullable MemoryGroup find(List<String> groups, List<String> mounts) {
		// A controller that is in a hierarchy of version 1 is in none of version 2
		for (Version version : Version.values()) {
			String path = path(groups, version);
			if (path != null) {
				return find(Path.of(path), version, mounts);
			}
		}
		return null;
	}

	private static @Nullable String path(List<String> groups, Version version) {
		return groups.stream()
			.map((line) -> line.split(":", 3))
			.filter((parts) -> parts.length == 3 && List.of(parts[1].split(",")).contains(version.controller))
			.map((parts) -> parts[2])
			.findFirst()
			.orElse(null);
	}

	private static @Nullable MemoryGroup find(Path path, Version version, List<String> mounts) {
		return mounts.stream()
			.map((line) -> line.split(" "))
			.filter((fields) -> isMount(fields, version))
			.map((fields) -> of(Path.of(fields[4]), Path.of(fields[3]), path, version))
			.findFirst()
			.orElse(null);
	}

	// Type, source and options of the file system are last, after fields that vary in
	// number
	private static boolean isMount(String[] fields, Version version) {
		int last = fields.length - 1;
		return last >= 8 && fields[last - 2].equals(version.type)
				&& (version.controller.isEmpty() || List.of(fields[last].split(",")).contains(version.controller));
	}

	// Of the hierarchy only what is below the mount's root can be seen, in a container
	// usually the container's own group
	private static MemoryGroup of(Path mountPoint, Path root, Path path, Version version) {
		Path directory = (path.startsWith(root)) ? mountPoint.resolve(root.relativize(path)) : mountPoint;
		return new MemoryGroup(directory, mountPoint, version);
	}

	/**
	 * Return how much memory the group may use: as much as it and each group around it
	 * may.
	 * @return the limit in bytes, {@link Long#MAX_VALUE} if there is none
	 */
	long limit() {
		long limit = Long.MAX_VALUE;
		for (Path group = this.directory; group != null && group.startsWith(this.top); group = group.getParent()) {
			limit = Math.min(limit, limit(group.resolve(this.version.limit)));
		}
		return limit;
	}

	private static long limit(Path file) {
		try {
			return Long.parseLong(Files.readString(file).strip());
		}
		catch (IOException | NumberFormatException ex) {
			// The outermost group of a machine has none, or it is "max"
			return Long.MAX_VALUE;
		}
	}

	/**
	 * Return the file that counts what the group has suffered for want of memory.
	 * @return the file, which need not exist
	 */
	Path events() {
		return this.directory.resolve(this.version.events);
	}

	/**
	 * The two versions that a kernel can have at the same time.
	 */
	enum Version {

		/**
		 * One hierarchy for each controller.
		 */
		FIRST("cgroup", "memory", "memory.limit_in_bytes", "memory.oom_control"),

		/**
		 * One hierarchy, whose line names no controller.
		 */
		SECOND("cgroup2", "", "memory.max", "memory.events");

		private final String type;

		private final String controller;

		private final String limit;

		private final String events;

		Version(String type, String controller, String limit, String events) {
			this.type = type;
			this.controller = controller;
			this.limit = limit;
			this.events = events;
		}

	}

}
