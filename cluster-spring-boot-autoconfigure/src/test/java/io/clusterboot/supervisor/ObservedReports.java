package io.clusterboot.supervisor;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.IncidentCause;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.supervisor.table.Report;

/**
 * What workers said was wrong with them, as {@link SimulationInvariants} sees it.
 */
final class ObservedReports {

	// Of fresh workers that are replaced because of a report that came before
	private static final int ENOUGH = 3;

	private static final Pattern RECOVERED = Pattern.compile("worker=(\\d+) .* is not replaced after all: .*");

	private static final Pattern IGNORED = Pattern.compile("worker=(\\d+) .*(; ignored|that is ignored from now on.*)");

	private final Map<Key, Repetition> repetitions = new HashMap<>();

	// That the event is about
	private ObservedWorker worker;

	private Message.Unhealthy message;

	private Duration stableAfter;

	private boolean wasUnhealthy;

	private long now;

	// Whether a reload that could fail was under way
	private boolean forward;

	private int previous;

	private int live = 1;

	private int latest = 1;

	private int lastForked;

	/**
	 * A worker that does not end yet says that it should be replaced.
	 * @param worker the worker
	 * @param message what it says
	 * @param stableAfter how long it is fresh
	 * @param now the time
	 */
	void reported(ObservedWorker worker, Message.Unhealthy message, Duration stableAfter, long now) {
		this.worker = worker;
		this.message = message;
		this.stableAfter = stableAfter;
		this.wasUnhealthy = worker.unhealthy;
		this.now = now;
	}

	void after(List<PrimaryAction> actions, ClusterSnapshot snapshot, ObservedIncidents incidents,
			Map<Integer, ObservedWorker> workers) {
		boolean ignored = false;
		for (PrimaryAction action : actions) {
			String line = (action instanceof PrimaryAction.Log log) ? log.text() : "";
			Matcher recovered = RECOVERED.matcher(line);
			if (recovered.matches()) {
				ObservedWorker other = workers.get(Integer.parseInt(recovered.group(1)));
				SimulationInvariants.check(other.unhealthy && this.worker != null, "spares who is unhealthy", line);
				other.unhealthy = false;
				incidents.withdrawn(other);
			}
			ignored |= IGNORED.matcher(line).matches();
		}
		ReloadSnapshot reload = snapshot.lastReload();
		if (this.worker != null) {
			heard(ignored, reload, incidents);
		}
		for (PrimaryAction action : actions) {
			this.lastForked = (action instanceof PrimaryAction.Fork fork) ? fork.worker() : this.lastForked;
		}
		this.worker = null;
		if (snapshot.generation() != this.live) {
			this.previous = this.live;
			this.live = snapshot.generation();
		}
		this.latest = (reload != null) ? reload.toGeneration() : 1;
		this.forward = reload != null && reload.finished() == null && reload.reason() == null
				&& reload.toGeneration() != this.live;
	}

	private void heard(boolean ignored, ReloadSnapshot reload, ObservedIncidents incidents) {
		Report report = Report.of(this.message);
		long age = (this.worker.preparedAt != ObservedWorker.NEVER) ? this.now - this.worker.preparedAt : 0;
		this.repetitions.keySet()
			.removeIf((key) -> !List.of(this.previous, this.live, this.latest, this.worker.generation)
				.contains(key.generation));
		Repetition before = this.repetitions.get(new Key(this.live, report));
		Repetition inherited = (this.worker.generation != this.live) ? before
				: this.repetitions.get(new Key(this.previous, report));
		boolean failed = this.forward && reload.reason() != null;
		boolean failedByIt = failed && reload.reason().endsWith("reports: " + this.message.detail());
		boolean excused = before != null && before.soonest <= age + this.stableAfter.toMillis();
		boolean news = this.forward && this.worker.generation == reload.toGeneration() && before == null
				&& !this.wasUnhealthy && !this.worker.left && !this.worker.superseded;
		SimulationInvariants.check(!failedByIt || !excused || this.message.cause() == IncidentCause.STALL,
				"fails no reload by what the old generation did as well", reload);
		SimulationInvariants.check(!news || failed, "fails a reload by what the old generation did not", reload);
		Repetition repetition = this.repetitions.computeIfAbsent(new Key(this.worker.generation, report),
				(unknown) -> new Repetition(inherited, this.lastForked));
		repetition.soonest = Math.min(repetition.soonest, age);
		if (age <= this.stableAfter.toMillis() && this.worker.id > repetition.since && !this.wasUnhealthy) {
			repetition.fresh++;
		}
		SimulationInvariants.check(ignored == (repetition.fresh >= ENOUGH && report.isBearable()),
				"ignores what fresh workers repeat and nothing else", this.message);
		if (!ignored) {
			this.worker.unhealthy = true;
			incidents.foreseen(this.worker, this.message.cause(), this.message.threadDump());
		}
	}

	/**
	 * What workers of a generation say.
	 *
	 * @param generation the generation
	 * @param report what they say
	 */
	private record Key(int generation, Report report) {

	}

	private static final class Repetition {

		private final int since;

		private long soonest = Long.MAX_VALUE;

		private int fresh;

		private Repetition(Repetition before, int lastForked) {
			this.since = (before != null) ? before.since : lastForked;
			this.fresh = (before != null) ? before.fresh : 0;
		}

	}

}
