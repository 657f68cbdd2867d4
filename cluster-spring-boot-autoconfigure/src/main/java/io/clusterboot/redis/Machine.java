package io.clusterboot.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * What workers of the same primary have in common, and no others have.
 */
public final class Machine {

	private static final Path KERNEL = Path.of("/proc/sys/kernel");

	// Behind the name, which may have anything in it
	private static final int STARTED = 19;

	private Machine() {
	}

	/**
	 * Return the name of a primary. Containers may have the same process ids, and even
	 * the same names.
	 * @param primary its process id
	 * @return a name that no other primary has, on whichever machine
	 */
	public static String name(long primary) {
		try {
			String stat = Files.readString(Path.of("/proc", String.valueOf(primary), "stat"));
			String started = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[STARTED];
			return "%s %s %d %s".formatted(Files.readString(KERNEL.resolve("hostname")).strip(),
					Files.readString(KERNEL.resolve("random/boot_id")).strip(), primary, started);
		}
		catch (IOException ex) {
			return UUID.randomUUID().toString();
		}
	}

}
