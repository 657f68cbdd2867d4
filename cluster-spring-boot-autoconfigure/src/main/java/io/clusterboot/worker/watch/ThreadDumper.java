package io.clusterboot.worker.watch;

import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * Writes down what all threads of this JVM do. Frames that several threads have in common
 * from first to last, as those of a pool often do, are written once, so that a pool in
 * trouble does not push everything else out.
 */
public final class ThreadDumper {

	static final int MAX_SIZE = 256 * 1024;

	private static final int MAX_DEADLOCKS_SIZE = MAX_SIZE / 4;

	private static final int MAX_FRAMES = 512;

	private final StringBuilder text = new StringBuilder();

	private final Map<List<StackTraceElement>, Long> written = new HashMap<>();

	private final Map<Long, Set<String>> awaited = new HashMap<>();

	private ThreadDumper() {
	}

	/**
	 * Return what all threads do, and at the end which of them are deadlocked.
	 * @return at most {@value #MAX_SIZE} bytes of UTF-8
	 */
	public static String dump() {
		try {
			// Not the synchronizers that each thread holds: the JVM would search the
			// whole heap for them, with all threads stopped
			ThreadInfo[] threads = ManagementFactory.getThreadMXBean().dumpAllThreads(true, false, MAX_FRAMES);
			return dump(threads, deadlocks(Deadlocks.find()));
		}
		catch (RuntimeException | Error ex) {
			// For want of memory, for example
			return "There is no thread dump: " + ex;
		}
	}

	public static String dump(ThreadInfo[] threads, String deadlocks) {
		return new ThreadDumper().write(threads, deadlocks);
	}

	private String write(ThreadInfo[] threads, String deadlocks) {
		for (ThreadInfo thread : threads) {
			// What somebody waits for is known without a search
			if (thread.getLockOwnerId() != -1 && thread.getThreadState() != Thread.State.BLOCKED) {
				this.awaited.computeIfAbsent(thread.getLockOwnerId(), (id) -> new TreeSet<>())
					.add(thread.getLockName());
			}
		}
		String title = "%d threads\n".formatted(threads.length);
		String last = "\n... %d more threads do not fit in here\n";
		int room = MAX_SIZE - size(title) - size(last.formatted(threads.length)) - size(deadlocks);
		this.text.append(title);
		for (int i = 0; i < threads.length; i++) {
			String thread = describe(threads[i]);
			room -= size(thread);
			if (room < 0) {
				this.text.append(last.formatted(threads.length - i));
				break;
			}
			this.text.append(thread);
		}
		return this.text.append(deadlocks).toString();
	}

	private String describe(ThreadInfo thread) {
		StringBuilder lines = new StringBuilder();
		lines.append("\n\"%s\" #%d%s %s\n".formatted(thread.getThreadName(), thread.getThreadId(),
				(thread.isDaemon()) ? " daemon" : "", thread.getThreadState()));
		if (thread.getLockName() != null) {
			lines.append("\t- waits for %s%s\n".formatted(thread.getLockName(), owner(thread)));
		}
		for (String lock : this.awaited.getOrDefault(thread.getThreadId(), Set.of())) {
			lines.append("\t- holds ").append(lock).append(", which others wait for\n");
		}
		List<StackTraceElement> frames = Arrays.asList(thread.getStackTrace());
		Long same = this.written.putIfAbsent(frames, thread.getThreadId());
		if (same != null && !frames.isEmpty()) {
			lines.append("\tframes as #%d\n".formatted(same));
			appendLocked(thread, null, lines);
		}
		else {
			appendFrames(thread, frames, lines);
		}
		return lines.toString();
	}

	private static void appendFrames(ThreadInfo thread, List<StackTraceElement> frames, StringBuilder lines) {
		for (int depth = 0; depth < frames.size(); depth++) {
			lines.append("\tat ").append(frames.get(depth)).append('\n');
			appendLocked(thread, depth, lines);
		}
		if (frames.size() == MAX_FRAMES) {
			lines.append("\t... further frames are left out\n");
		}
	}

	private static void appendLocked(ThreadInfo thread, @Nullable Integer depth, StringBuilder lines) {
		for (MonitorInfo monitor : thread.getLockedMonitors()) {
			if (depth == null || monitor.getLockedStackDepth() == depth) {
				lines.append("\t- locked ").append(monitor).append('\n');
			}
		}
	}

	private static String owner(ThreadInfo thread) {
		return (thread.getLockOwnerId() != -1)
				? " held by \"%s\" #%d".formatted(thread.getLockOwnerName(), thread.getLockOwnerId()) : "";
	}

	private static String deadlocks(Deadlocks deadlocks) {
		if (deadlocks.isEmpty()) {
			return "";
		}
		String text = "\nDeadlock: %s\n".formatted(deadlocks.describe());
		return (size(text) <= MAX_DEADLOCKS_SIZE) ? text
				: "\nDeadlock of %d threads\n".formatted(deadlocks.threads().size());
	}

	private static int size(String text) {
		return text.getBytes(StandardCharsets.UTF_8).length;
	}

}
