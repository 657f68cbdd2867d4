package io.clusterboot.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Finds where the kernel tells what a control group has suffered for want of memory: see
 * cgroups(7) and proc(5), {@code mountinfo}.
 */
final class MemoryGroup {

	private static final String CONTROLLER = "memory";

	private static final Path GROUPS = Path.of("/proc/self/cgroup");

	private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

	private MemoryGroup() {
	}

	static @Nullable Path ofCurrentProcess() {
		try {
			return find(Files.readAllLines(GROUPS), Files.readAllLines(MOUNTS));
		}
		catch (IOException | InvalidPathException ex) {
			return null;
		}
	}

	/**
	 * Find the file that counts.
	 * @param groups the lines of {@code /proc/PID/cgroup}
	 * @param mounts the lines of {@code /proc/PID/mountinfo}
	 * @return where the file is, if the kernel has it, or {@code null} if that cannot be
	 * told
	 */
	static @Nullable Path find(List<String> groups, List<String> mounts) {
		String path = path(groups, CONTROLLER);
		// A controller that is in a hierarchy of version 1 is in none of version 2
		return (path != null) ? find(path, "cgroup", CONTROLLER, "memory.oom_control", mounts)
				: find(path(groups, ""), "cgroup2", "", "memory.events", mounts);
	}

	private static @Nullable String path(List<String> groups, String controller) {
		return groups.stream()
			.map((line) -> line.split(":", 3))
			.filter((parts) -> parts.length == 3 && List.of(parts[1].split(",")).contains(controller))
			.map((parts) -> parts[2])
			.findFirst()
			.orElse(null);
	}

	private static @Nullable Path find(@Nullable String path, String type, String option, String file,
			List<String> mounts) {
		if (path == null) {
			return null;
		}
		return mounts.stream()
			.map((line) -> line.split(" "))
			.filter((fields) -> isMount(fields, type, option))
			.map((fields) -> resolve(Path.of(fields[4]), Path.of(fields[3]), Path.of(path)).resolve(file))
			.findFirst()
			.orElse(null);
	}

	// Type, source and options of the file system are last, after fields that vary in
	// number
	private static boolean isMount(String[] fields, String type, String option) {
		int last = fields.length - 1;
		return last >= 8 && fields[last - 2].equals(type)
				&& (option.isEmpty() || List.of(fields[last].split(",")).contains(option));
	}

	// Of the hierarchy only what is below the mount's root can be seen, in a container
	// usually the container's own group
	private static Path resolve(Path mountPoint, Path root, Path group) {
		return (group.startsWith(root)) ? mountPoint.resolve(root.relativize(group)) : mountPoint;
	}

}
