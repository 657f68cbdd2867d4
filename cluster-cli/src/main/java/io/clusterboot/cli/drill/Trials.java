package io.clusterboot.cli.drill;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.cli.drill.Sample.Result;

/**
 * The parts of the drill under load.
 */
final class Trials {

	private static final Duration WARM_UP = Duration.ofSeconds(2);

	private static final Duration BASELINE = Duration.ofSeconds(4);

	// In which the last requests of a part end
	private static final Duration REST = Duration.ofSeconds(1);

	private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

	private static final Duration BETWEEN_DUMPS = Duration.ofSeconds(2);

	private final Setup setup;

	private final Audience audience;

	private final Subject subject;

	private final Load load;

	private final Duration limit;

	// What fails anyway says nothing about anything else
	private Set<String> bad = Set.of();

	private String before = "";

	Trials(Setup setup, Audience audience, Subject subject, Load load, Duration limit) {
		this.setup = setup;
		this.audience = audience;
		this.subject = subject;
		this.load = load;
		this.limit = limit;
	}

	Outcome load(String step) throws IOException {
		pause(WARM_UP);
		this.load.take();
		pause(BASELINE);
		Window window = this.load.take();
		this.bad = window.failed().byPath().keySet();
		this.before = "p99 %d ms, slowest %d ms".formatted(window.percentile(0.99).toMillis(),
				window.slowest().toMillis());
		return new Outcome(Words.requests(window), Judge.load(step, window));
	}

	Outcome reload(String step) throws IOException {
		this.load.take();
		long mark = this.subject.mark();
		ReloadSnapshot reload = reload();
		Window window = rest();
		String summary = "%s, before %s".formatted(Words.requests(window), this.before);
		return new Outcome(summary, Judge.reload(step, reload, window, this.subject.output(mark)));
	}

	Outcome kill(String step) throws IOException {
		WorkerSnapshot victim = victim();
		int known = this.subject.primary().lastIncident();
		this.load.take();
		Subject.signal(victim.pid(), "KILL");
		return afterDeath(step, victim, known, awaitEnd(victim), new Window(List.of()));
	}

	Outcome suspend(String step) throws IOException {
		WorkerSnapshot victim = victim();
		int known = this.subject.primary().lastIncident();
		this.load.take();
		Subject.signal(victim.pid(), "STOP");
		long stopped = System.nanoTime();
		long gone = awaitEnd(victim);
		if (gone == 0) {
			Subject.signal(victim.pid(), "CONT");
			return Outcome.of(Judge.notNoticed(step, this.limit));
		}
		Window meanwhile = this.load.take().without(this.bad);
		Outcome outcome = afterDeath(step, victim, known, gone, meanwhile);
		List<Finding> findings = new ArrayList<>(Judge.service(step, meanwhile, stopped, gone));
		findings.addAll(outcome.findings());
		return new Outcome(
				"noticed after %s; %s".formatted(Words.seconds(Duration.ofNanos(gone - stopped)), outcome.summary()),
				findings);
	}

	private Outcome afterDeath(String step, WorkerSnapshot victim, int known, long gone, Window meanwhile)
			throws IOException {
		boolean back = awaitSettled(victim.id());
		Duration took = Duration.ofNanos(System.nanoTime() - gone);
		Window window = meanwhile.only((sample) -> sample.result() != Result.PENDING).and(rest());
		List<Finding> findings = new ArrayList<>(Judge.death(step, window, gone));
		if (!back) {
			findings.add(Judge.notBack(step, this.limit, this.subject.primary().incidents(known)));
		}
		String summary = "worker %d died with %s in flight, another served after %s; %s".formatted(victim.id(),
				Words.count(window.failed().size(), "request"), Words.seconds(took), Words.requests(window));
		return new Outcome(summary, findings);
	}

	Outcome brokenJars(String step) throws IOException {
		List<Finding> findings = new ArrayList<>();
		String half = broken(step, Jars::half, findings);
		String headless = broken(step, Jars::headless, findings);
		return new Outcome("half of it: %s; without its main class: %s".formatted(half, headless), findings);
	}

	private String broken(String step, Breakage breakage, List<Finding> findings) throws IOException {
		List<Long> workers = this.subject.primary().pids();
		Path jar = this.subject.jar();
		Path good = jar.resolveSibling("good");
		Path next = jar.resolveSibling("next");
		breakage.write(jar, next);
		Files.move(jar, good);
		Files.move(next, jar);
		this.load.take();
		try {
			ReloadSnapshot reload = reload();
			Window window = rest();
			findings.addAll(Judge.broken(step, reload, this.subject.primary().pids().equals(workers), window));
			return "%s (%s)".formatted((reload.status() != ReloadStatus.SUCCEEDED) ? "refused" : "live",
					reload.reason());
		}
		finally {
			Files.move(good, jar, StandardCopyOption.REPLACE_EXISTING);
		}
	}

	Outcome stop(String step) throws IOException {
		List<Long> workers = this.subject.primary().pids();
		List<ThreadDump> dumps = new ArrayList<>();
		this.load.take();
		long mark = this.subject.mark();
		long begin = System.nanoTime();
		try {
			this.subject.primary().ask((id) -> new Request.Shutdown(id, this.setup.requester()), Reply.Shutdown.class);
		}
		catch (EOFException ex) {
			// it was faster than its answer
		}
		this.audience.await(() -> {
			if (!this.subject.isAlive()) {
				return Boolean.TRUE;
			}
			if (System.nanoTime() - begin > BETWEEN_DUMPS.multipliedBy(dumps.size() / Math.max(1, workers.size()) + 1L)
				.toNanos()) {
				workers.forEach((pid) -> dumps.add(this.subject.dump(pid)));
			}
			return null;
		}, "the end of the primary");
		Duration took = Duration.ofNanos(System.nanoTime() - begin);
		this.load.stop(LAST_ANSWERS);
		Window window = this.load.take().without(this.bad).only((sample) -> sample.isBegunBy(begin));
		Window inFlight = window.only((sample) -> sample.ended() - begin > 0);
		String summary = "ended after %s, %d of %s in flight answered".formatted(Words.seconds(took),
				inFlight.count(Result.ANSWERED), Words.count(inFlight.size(), "request"));
		return new Outcome(summary, Endings.judge(step, window, this.subject.output(mark), dumps));
	}

	private ReloadSnapshot reload() throws IOException {
		int id = this.subject.primary()
			.ask((question) -> new Request.Reload(question, this.setup.requester(), ReloadStrategy.ROLLING),
					Reply.Reload.class)
			.reload()
			.id();
		ReloadSnapshot reload = this.audience.await(() -> this.subject.primary()
			.ask(Request.Reloads::new, Reply.Reloads.class)
			.reloads()
			.stream()
			.filter((known) -> known.id() == id && known.status() != ReloadStatus.RUNNING)
			.findFirst()
			.orElse(null), "the end of reload " + id);
		awaitSettled(0);
		return reload;
	}

	private WorkerSnapshot victim() throws IOException {
		return Primary.ready(this.subject.primary().snapshot()).get(0);
	}

	/**
	 * Wait until a process is gone.
	 * @param worker the worker whose process it is
	 * @return when it was, by {@link System#nanoTime()}, or 0 if it is still there
	 * @throws IOException if the drill cannot go on
	 */
	private long awaitEnd(WorkerSnapshot worker) throws IOException {
		return within(() -> ProcessHandle.of(worker.pid()).filter(ProcessHandle::isAlive).isEmpty()) ? System.nanoTime()
				: 0;
	}

	private boolean awaitSettled(int without) throws IOException {
		return within(() -> this.subject.primary().isSettled()
				&& this.subject.primary().snapshot().workers().stream().noneMatch((worker) -> worker.id() == without));
	}

	private boolean within(Condition condition) throws IOException {
		long begin = System.nanoTime();
		return this.audience.await(() -> {
			if (condition.isMet()) {
				return Boolean.TRUE;
			}
			return (System.nanoTime() - begin > this.limit.toNanos()) ? Boolean.FALSE : null;
		}, "what is to come within " + Words.seconds(this.limit));
	}

	private Window rest() throws IOException {
		pause(REST);
		return this.load.take().without(this.bad);
	}

	private void pause(Duration duration) throws IOException {
		long begin = System.nanoTime();
		this.audience.await(() -> {
			// Nobody asks it anything meanwhile
			this.subject.primary().snapshot();
			return (System.nanoTime() - begin > duration.toNanos()) ? Boolean.TRUE : null;
		}, "the end of a pause");
	}

	/**
	 * Makes a jar that cannot run.
	 */
	@FunctionalInterface
	private interface Breakage {

		void write(Path jar, Path target) throws IOException;

	}

	/**
	 * Something to wait for.
	 */
	@FunctionalInterface
	private interface Condition {

		boolean isMet() throws IOException;

	}

}
