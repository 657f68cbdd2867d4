package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A control group of either version with a limit, as a container has it.
 *
 * @param directory where the kernel shows it
 * @param file the file with the limit
 */
record ControlGroup(Path directory, Path file) implements AutoCloseable {

	private static final Path ROOT = Path.of("/sys/fs/cgroup");

	/**
	 * Create a group with little memory, or skip the test where that is not allowed.
	 * @param megabytes how much memory all its processes may use
	 * @return the group
	 */
	static ControlGroup ofMemory(int megabytes) {
		String limit = String.valueOf(megabytes * 1024L * 1024);
		return create("memory", "memory.limit_in_bytes", "memory.max", limit);
	}

	/**
	 * Create a group whose number of threads can be limited, or skip the test where that
	 * is not allowed.
	 * @return the group, without a limit yet
	 */
	static ControlGroup ofThreads() {
		return create("pids", "pids.max", "pids.max", "max");
	}

	private static ControlGroup create(String controller, String first, String second, String limit) {
		ControlGroup group = create(ROOT.resolve(controller), first, limit);
		if (group == null) {
			group = create(ROOT, second, limit);
		}
		Assumptions.assumeTrue(group != null, "no control group with a limit of %s can be made".formatted(controller));
		return group;
	}

	private static @Nullable ControlGroup create(Path hierarchy, String file, String limit) {
		Path directory = hierarchy.resolve("sample-it-" + ProcessHandle.current().pid());
		try {
			Files.createDirectory(directory);
			ControlGroup group = new ControlGroup(directory, directory.resolve(file));
			// Fails where the kernel has not made it, in another file system or without
			// that controller
			group.limit(limit);
			return group;
		}
		catch (IOException ex) {
			directory.toFile().delete();
			return null;
		}
	}

	/**
	 * Return what comes before a command that is to run in the group.
	 * @return the beginning of a command line
	 */
	String[] prefix() {
		return new String[] { "sh", "-c", "echo $$ >\"$1\" && shift && exec \"$@\"", "sh", processes().toString() };
	}

	void limit(String limit) throws IOException {
		Files.writeString(this.file, limit, StandardOpenOption.WRITE);
	}

	/**
	 * Let the processes of the group start hardly a thread or a process any more.
	 * @param more how many may start
	 * @throws IOException if it cannot be limited
	 */
	void limitThreads(int more) throws IOException {
		int current = Integer.parseInt(Files.readString(this.directory.resolve("pids.current")).strip());
		limit(String.valueOf(current + more));
	}

	/**
	 * Move a running process into the group. What it has started stays where it is.
	 * @param pid the process
	 * @throws IOException if it cannot be moved
	 */
	void add(long pid) throws IOException {
		Files.writeString(processes(), String.valueOf(pid), StandardOpenOption.WRITE);
	}

	private Path processes() {
		return this.directory.resolve("cgroup.procs");
	}

	/**
	 * Remove the group, and move what is still in it out of it.
	 */
	@Override
	public void close() {
		Awaitility.await("removal of " + this.directory).ignoreExceptions().until(() -> {
			for (String pid : Files.readAllLines(processes())) {
				Files.writeString(this.directory.resolveSibling("cgroup.procs"), pid, StandardOpenOption.WRITE);
			}
			return this.directory.toFile().delete();
		});
	}

}
