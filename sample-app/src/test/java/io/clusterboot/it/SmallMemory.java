package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A control group of either version with a limit on memory, as a container has it.
 *
 * @param directory where the kernel shows it
 */
record SmallMemory(Path directory) implements AutoCloseable {

	/**
	 * Create the group, or skip the test where that is not allowed.
	 * @param megabytes how much memory all its processes may use
	 * @return the group
	 */
	static SmallMemory create(int megabytes) {
		String limit = String.valueOf(megabytes * 1024L * 1024);
		SmallMemory memory = create(Path.of("/sys/fs/cgroup/memory"), "memory.limit_in_bytes", limit);
		if (memory == null) {
			memory = create(Path.of("/sys/fs/cgroup"), "memory.max", limit);
		}
		Assumptions.assumeTrue(memory != null, "no control group with a limit on memory can be made");
		return memory;
	}

	private static @Nullable SmallMemory create(Path hierarchy, String file, String limit) {
		Path directory = hierarchy.resolve("sample-it-" + ProcessHandle.current().pid());
		try {
			Files.createDirectory(directory);
			// Fails where the kernel has not made it, in another file system or without
			// that controller
			Files.writeString(directory.resolve(file), limit, StandardOpenOption.WRITE);
			return new SmallMemory(directory);
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
		return new String[] { "sh", "-c", "echo $$ >\"$1\" && shift && exec \"$@\"", "sh",
				this.directory.resolve("cgroup.procs").toString() };
	}

	@Override
	public void close() {
		Awaitility.await("removal of " + this.directory).until(this.directory.toFile()::delete);
	}

}
