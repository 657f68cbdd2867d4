package io.clusterboot.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * How many processes of this control group the kernel has killed for want of memory, of
 * the group or of the machine: {@code oom_kill}, see
 * {@code Documentation/admin-guide/cgroup-v2.rst} of the kernel. It does not say which: a
 * process that was killed by SIGKILL while the number rose was probably one of them. Each
 * of them explains one end only. May be used by several threads.
 */
public final class OomKills {

	private static final String KEY = "oom_kill ";

	private final @Nullable Path file;

	private long explained;

	/**
	 * Create a counter.
	 * @param file the file with the number, or {@code null} if there is none
	 */
	public OomKills(@Nullable Path file) {
		this.file = file;
	}

	/**
	 * Return the counter of the control group that this process is in, and the processes
	 * that it starts with it.
	 * @return the counter
	 */
	public static OomKills ofCurrentProcess() {
		MemoryGroup group = MemoryGroup.ofCurrentProcess();
		return new OomKills((group != null) ? group.events() : null);
	}

	/**
	 * Return how many there have been.
	 * @return the number, 0 if it is not known
	 */
	public long count() {
		if (this.file == null) {
			return 0;
		}
		try {
			return Files.readAllLines(this.file)
				.stream()
				.filter((line) -> line.startsWith(KEY))
				.mapToLong((line) -> Long.parseLong(line.substring(KEY.length()).strip()))
				.findFirst()
				.orElse(0);
		}
		catch (IOException | NumberFormatException ex) {
			return 0;
		}
	}

	/**
	 * Return whether one of them explains the end of a process that SIGKILL has ended. It
	 * explains no other one then.
	 * @param before how many there had been when the process was started
	 * @return whether there was one since that explains nothing else
	 */
	public synchronized boolean explain(long before) {
		long known = Math.max(this.explained, before);
		if (count() <= known) {
			return false;
		}
		this.explained = known + 1;
		return true;
	}

}
