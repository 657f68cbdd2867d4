package io.clusterboot.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * How much memory there is for the cluster. The JVM could be asked for it, but that would
 * cost the primary some MB of its own.
 */
final class MachineMemory {

	private static final String TOTAL = "MemTotal:";

	private final Path root;

	MachineMemory() {
		this(Path.of("/"));
	}

	MachineMemory(Path root) {
		this.root = root;
	}

	/**
	 * Return the memory of the machine, or of the container if it has less.
	 * @return the memory in bytes, {@link Long#MAX_VALUE} if it is not known
	 */
	long size() {
		long size = lines("proc/meminfo").stream()
			.filter((line) -> line.startsWith(TOTAL))
			.mapToLong((line) -> number(line.replaceAll("\\D", "")) * 1024)
			.findFirst()
			.orElse(Long.MAX_VALUE);
		for (String line : lines("proc/self/cgroup")) {
			size = Math.min(size, limit(line.split(":", 3)));
		}
		return size;
	}

	// Hierarchy, controllers and path: cgroups(7). The second version has no controllers
	private long limit(String[] group) {
		if (group.length == 3 && group[1].isEmpty()) {
			return limit("sys/fs/cgroup", group[2], "memory.max");
		}
		if (group.length == 3 && Arrays.asList(group[1].split(",")).contains("memory")) {
			return limit("sys/fs/cgroup/memory", group[2], "memory.limit_in_bytes");
		}
		return Long.MAX_VALUE;
	}

	// The groups around it have limits too. In a container the path can be that on the
	// host
	private long limit(String mount, String group, String name) {
		long limit = Long.MAX_VALUE;
		Path path = Path.of(mount + group);
		while (path.getNameCount() >= Path.of(mount).getNameCount()) {
			List<String> lines = lines(path.resolve(name).toString());
			limit = Math.min(limit, (!lines.isEmpty()) ? number(lines.get(0)) : Long.MAX_VALUE);
			path = path.getParent();
		}
		return limit;
	}

	private List<String> lines(String file) {
		try {
			return Files.readAllLines(this.root.resolve(file));
		}
		catch (IOException ex) {
			return List.of();
		}
	}

	private static long number(String text) {
		try {
			return Long.parseLong(text.trim());
		}
		catch (NumberFormatException ex) {
			// such as "max"
			return Long.MAX_VALUE;
		}
	}

}
