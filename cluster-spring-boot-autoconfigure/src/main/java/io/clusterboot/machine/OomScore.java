package io.clusterboot.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which process the kernel ends when memory is short: the one with the highest score, to
 * which {@code oom_score_adj} adds. Anybody may raise that of their own processes; see
 * proc_pid_oom_score_adj(5).
 */
public final class OomScore {

	private static final int MAX = 1000;

	// A tenth of the memory: more than the primary ever has
	private static final int RAISE = 100;

	private OomScore() {
	}

	/**
	 * Have a process ended before this one.
	 * @param pid the process
	 * @throws IOException if the process is gone or another user's
	 */
	public static void raise(long pid) throws IOException {
		int own = Integer.parseInt(Files.readString(Path.of("/proc/self/oom_score_adj")).strip());
		Files.writeString(Path.of("/proc", Long.toString(pid), "oom_score_adj"),
				Integer.toString(Math.min(MAX, own + RAISE)));
	}

}
