package io.clusterboot.cli.drill;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the threads of a worker do, as {@code jstack} prints it.
 *
 * @param threads those that run Java
 */
record ThreadDump(List<Thread> threads) {

	private static final int MOST_PLACES = 3;

	private static final Pattern HEAD = Pattern.compile("\"(.*)\" .*");

	private static final Pattern DAEMON = Pattern.compile("\".*\" (?:#\\d+ )?(?:\\[\\d+] )?daemon .*");

	private static final Pattern FRAME = Pattern.compile("\\s+at (\\S+\\(.*\\))");

	// Those of libraries are named too where nothing of the application is below them
	private static final Pattern LIBRARY = Pattern.compile("(?:java|javax|jakarta|jdk|sun|com\\.sun|kotlin"
			+ "|org\\.springframework|org\\.apache|io\\.clusterboot\\.(?:worker|web|gate|lead|bootstrap|autoconfigure))\\..*");

	ThreadDump {
		threads = List.copyOf(threads);
	}

	static ThreadDump parse(Stream<String> lines) {
		List<Thread> threads = new ArrayList<>();
		for (String line : (Iterable<String>) lines::iterator) {
			Matcher head = HEAD.matcher(line);
			Matcher frame = FRAME.matcher(line);
			if (head.matches()) {
				threads.add(new Thread(head.group(1), DAEMON.matcher(line).matches(), new ArrayList<>()));
			}
			else if (frame.matches() && !threads.isEmpty()) {
				threads.get(threads.size() - 1).frames().add(frame.group(1));
			}
		}
		return new ThreadDump(threads.stream().filter((thread) -> !thread.frames().isEmpty()).toList());
	}

	/**
	 * Return the threads that have a request in hand.
	 * @return the threads
	 */
	Stream<Thread> requests() {
		return this.threads.stream().filter((thread) -> thread.has("org.apache.catalina.connector.CoyoteAdapter."));
	}

	/**
	 * Return the thread that closes the application.
	 * @return the thread, if it is not done
	 */
	Optional<Thread> closing() {
		return this.threads.stream()
			.filter((thread) -> thread.has("org.springframework.context.support.AbstractApplicationContext.doClose"))
			.findFirst();
	}

	/**
	 * Return the threads that the application has started and that go on.
	 * @return the threads
	 */
	Stream<Thread> ofApplication() {
		return this.threads.stream()
			.filter((thread) -> !thread.daemon() && thread.isInApplication())
			.filter((thread) -> closing().filter(thread::equals).isEmpty() && requests().noneMatch(thread::equals));
	}

	/**
	 * Say where threads are.
	 * @param threads the threads
	 * @return one for each place
	 */
	static String describe(List<Thread> threads) {
		Map<String, String> names = new LinkedHashMap<>();
		threads.forEach((thread) -> names.putIfAbsent(thread.place(), thread.name()));
		return names.entrySet()
			.stream()
			.limit(MOST_PLACES)
			.map((place) -> "\"%s\" at %s".formatted(place.getValue(), place.getKey()))
			.collect(Collectors.joining(", "));
	}

	/**
	 * A thread.
	 *
	 * @param name its name
	 * @param daemon whether it is one of those that nobody waits for
	 * @param frames where it is, innermost first
	 */
	record Thread(String name, boolean daemon, List<String> frames) {

		boolean has(String frame) {
			return this.frames.stream().anyMatch((candidate) -> candidate.startsWith(frame));
		}

		boolean isInApplication() {
			return this.frames.stream().anyMatch((frame) -> !LIBRARY.matcher(frame).matches());
		}

		String place() {
			return this.frames.stream()
				.filter((frame) -> !LIBRARY.matcher(frame).matches())
				.findFirst()
				.orElse(this.frames.get(0));
		}

	}

}
