package io.clusterboot.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * The threads of another process, each of which has a scheduling of its own: see
 * {@code /proc/pid/task} in proc(5).
 */
final class ProcessThreads {

	private ProcessThreads() {
	}

	/**
	 * Do something to every thread. What a thread starts afterwards inherits it; what it
	 * has started before is found.
	 * @param pid the process
	 * @param action what to do to a thread, by its number
	 */
	static void forEach(long pid, IntConsumer action) {
		Path threads = Path.of("/proc", String.valueOf(pid), "task");
		Set<Integer> seen = new HashSet<>();
		try {
			for (List<Integer> found = find(threads); seen.addAll(found); found = find(threads)) {
				found.forEach(action::accept);
			}
		}
		catch (IOException ex) {
			// it has ended
		}
	}

	/**
	 * Return the name of a thread.
	 * @param pid the process
	 * @param thread the thread's number
	 * @return the first 15 characters of what the JVM calls it, nothing if it has ended
	 */
	static String name(long pid, int thread) {
		try {
			return Files.readString(Path.of("/proc", String.valueOf(pid), "task", String.valueOf(thread), "comm"))
				.strip();
		}
		catch (IOException ex) {
			return "";
		}
	}

	private static List<Integer> find(Path threads) throws IOException {
		try (Stream<Path> found = Files.list(threads)) {
			return found.map((thread) -> Integer.valueOf(thread.getFileName().toString())).toList();
		}
	}

}
