package io.clusterboot.cli.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.clusterboot.cli.drill.Sample.Result;

/**
 * Judges how workers ended that were told to.
 */
final class Endings {

	// As the supervisor prints them
	private static final Pattern CUT = Pattern
		.compile(" cut (\\d+) requests off: they did not end within (\\d+(?:\\.\\d+)?) s");

	private static final Pattern NOT_CLOSED = Pattern
		.compile("(worker=\\d+ .*) has drained, but its context is not closed after (.+ s), SIGKILL");

	private static final Pattern NOT_DRAINED = Pattern.compile("(worker=\\d+ .*) did not drain within (.+ s), SIGTERM");

	private final String step;

	private final String log;

	private final List<ThreadDump> dumps;

	private final List<Finding> findings = new ArrayList<>();

	private Endings(String step, List<String> log, List<ThreadDump> dumps) {
		this.step = step;
		this.log = String.join("\n", log);
		this.dumps = dumps.stream().filter((dump) -> !dump.threads().isEmpty()).toList();
	}

	/**
	 * Judge.
	 * @param step the part of the drill
	 * @param window the requests that should have been answered
	 * @param log what was printed meanwhile
	 * @param dumps what the threads did meanwhile, in order
	 * @return what was found
	 */
	static List<Finding> judge(String step, Window window, List<String> log, List<ThreadDump> dumps) {
		Endings endings = new Endings(step, log, dumps);
		Set<String> held = endings.judgeDrain(window);
		endings.judgeClose();
		Window lost = window.failed().without(held);
		if (!lost.isEmpty()) {
			endings.find("%d of %d requests failed: %s".formatted(lost.size(), window.size(), lost.describe()),
					"not known; see what the application printed then",
					"a worker that ends answers what it has: let nothing in the application close connections, stop "
							+ "Tomcat or exit before that");
		}
		return endings.findings;
	}

	private Set<String> judgeDrain(Window window) {
		List<MatchResult> cuts = CUT.matcher(this.log).results().toList();
		if (cuts.isEmpty()) {
			return Set.of();
		}
		int cut = cuts.stream().mapToInt((match) -> Integer.parseInt(match.group(1))).sum();
		String seconds = cuts.get(0).group(2);
		long limit = (long) (1000 * Double.parseDouble(seconds)) - 500;
		Window unanswered = window
			.only((sample) -> sample.result() == Result.BROKEN || sample.result() == Result.PENDING);
		Set<String> held = unanswered.byPath()
			.entrySet()
			.stream()
			.filter((path) -> path.getValue().slowest().toMillis() > limit)
			.map((path) -> path.getKey())
			.collect(Collectors.toSet());
		String slowest = Words.seconds(unanswered.only((sample) -> held.contains(sample.path())).slowest());
		List<ThreadDump.Thread> threads = this.dumps.stream().flatMap(ThreadDump::requests).toList();
		find("%s cut off, because a worker that ends waits no longer than %s s"
			.formatted((cut == 1) ? "a request was" : cut + " requests were", seconds),
				((held.isEmpty()) ? "none of the paths of this drill: something else that the worker had open"
						: "%s takes longer: one had waited for %s".formatted(String.join(", ", held), slowest))
						+ ((threads.isEmpty()) ? "" : "; thread " + ThreadDump.describe(threads)),
				"answer sooner, as by 202 and a place to ask later, or set cluster.drain.timeout to more than that takes");
		return held;
	}

	private void judgeClose() {
		List<MatchResult> killed = new ArrayList<>(NOT_CLOSED.matcher(this.log).results().toList());
		if (!killed.isEmpty()) {
			String cause = last(this.dumps.stream().filter((dump) -> dump.closing().isPresent()))
				.or(() -> last(this.dumps.stream()))
				.map(Endings::cause)
				.orElse("not known: there is no thread dump, because there is no jstack beside java");
			find("%s had to be killed: the application did not close within %s".formatted(names(killed),
					killed.get(0).group(2)), cause,
					"end threads when they are interrupted, and let what is closed wait for no more than a bounded time; "
							+ "if it needs longer, set cluster.drain.close-timeout");
		}
		List<MatchResult> stuck = NOT_DRAINED.matcher(this.log).results().toList();
		if (!stuck.isEmpty()) {
			find("%s did not end its requests, nor cut them off".formatted(names(stuck)),
					"it was busy or stood still: see what the application printed then",
					"see 'cluster incidents' and a thread dump of such a worker");
		}
	}

	private static String names(List<MatchResult> matches) {
		return matches.stream().map((match) -> match.group(1)).distinct().collect(Collectors.joining(", "));
	}

	private static <T> Optional<T> last(Stream<T> all) {
		return all.reduce((earlier, later) -> later);
	}

	private static String cause(ThreadDump dump) {
		String others = ThreadDump.describe(dump.ofApplication().toList());
		String goesOn = (!others.isEmpty()) ? "this goes on: thread " + others : "no thread of the application goes on";
		return dump.closing()
			.map((closing) -> "thread %s, and %s".formatted(ThreadDump.describe(List.of(closing)), goesOn))
			.orElse(goesOn);
	}

	private void find(String what, String cause, String change) {
		this.findings.add(new Finding(this.step, what, cause, change));
	}

}
