package io.clusterboot.supervisor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;

/**
 * What was asked and said about reloads, as {@link SimulationInvariants} sees it.
 */
final class ObservedReloads {

	private static final int REMEMBERED = 20;

	private static final int PRINTED = 50;

	private static final int STEPS = 50;

	// The id that the last request must have got
	private int requested;

	// The id of the reload that began last
	private int begun;

	private boolean running;

	private int generation = 1;

	private int lastGeneration = 1;

	private int target;

	// How many workers somebody has ever wanted
	private final Set<Integer> wanted = new HashSet<>();

	private Set<Integer> lastWanted = Set.of();

	private final SimulationPlan plan;

	private final ObservedSettings settings;

	// What was seen of those that ended
	private final Map<Integer, ReloadSnapshot> ended = new TreeMap<>();

	// When the first gate of a reload's new generation was opened
	private long soakingSince = -1;

	private ReloadStrategy strategy;

	private ReloadSnapshot answer;

	// Generations of the gates that one event opened
	private final List<Integer> opened = new ArrayList<>();

	// Those of them that take the place of somebody who serves
	private final List<Integer> replacing = new ArrayList<>();

	// Generations of the workers that one event forked
	private final List<Integer> forked = new ArrayList<>();

	ObservedReloads(SimulationPlan plan, ObservedSettings settings) {
		this.plan = plan;
		this.settings = settings;
		this.target = plan.workersOf(1);
	}

	void scaleTo(int workers) {
		if (workers <= this.settings.now().maxWorkers()) {
			this.wanted.add(workers);
			this.lastWanted = Set.of(workers);
		}
	}

	/**
	 * Somebody wants more or fewer workers than there are, or than somebody else wanted
	 * if that is still to come.
	 * @param difference how many
	 */
	void scaleBy(int difference) {
		Set<Integer> from = new HashSet<>(this.lastWanted);
		from.add(this.target);
		int most = this.settings.now().maxWorkers();
		this.lastWanted = from.stream()
			.map((workers) -> (workers + difference > most) ? workers : Math.max(1, workers + difference))
			.collect(Collectors.toSet());
		this.wanted.addAll(this.lastWanted);
	}

	void before() {
		this.answer = null;
		this.opened.clear();
		this.replacing.clear();
		this.forked.clear();
	}

	void forked(int generation) {
		this.forked.add(generation);
	}

	void opened(int generation, boolean replacing) {
		this.opened.add(generation);
		if (replacing) {
			this.replacing.add(generation);
		}
	}

	/**
	 * Return whether this event has opened the gate of a reload's first worker, which
	 * will be watched.
	 * @return whether the canary has just begun to serve
	 */
	boolean isCanaryOpened() {
		return this.running && this.strategy == ReloadStrategy.ROLLING && this.soakingSince < 0
				&& !this.settings.now().reload().soak().isZero() && this.opened.contains(this.lastGeneration);
	}

	void requested() {
		if (this.requested == this.begun) {
			this.requested++;
		}
	}

	void answered(ReloadSnapshot reload) {
		this.answer = reload;
		SimulationInvariants.check(reload.id() == this.requested, "makes one reload of all that wait", reload);
		SimulationInvariants.check(reload.status() == ReloadStatus.RUNNING, "promises a reload", reload);
	}

	void check(Reply.Reloads reply) {
		int id = 0;
		for (ReloadSnapshot reload : reply.reloads()) {
			SimulationInvariants.check(id == 0 || reload.id() == id + 1, "lists its reloads in order", reply);
			id = reload.id();
			SimulationInvariants.check(reload.finished() == null || reload.equals(this.ended.getOrDefault(id, reload)),
					"tells what became of its reloads", reload);
		}
		SimulationInvariants
			.check(id <= this.requested && reply.reloads().size() >= Math.min(this.ended.size(), REMEMBERED)
					&& reply.reloads().size() <= REMEMBERED + 2, "remembers its last reloads", reply);
	}

	void check(Request.Abort request, Reply.Abort reply, ClusterSnapshot before) {
		ReloadSnapshot latest = before.lastReload();
		boolean known = latest != null && latest.id() == request.reload() && latest.finished() == null;
		boolean forward = known && latest.reason() == null && latest.toGeneration() != before.generation();
		ReloadSnapshot told = reply.reload();
		SimulationInvariants.check(
				(told != null) ? known && told.id() == latest.id() && told.reason() != null : !forward,
				"aborts what runs and nothing else", reply);
	}

	void check(ClusterSnapshot snapshot, Collection<ObservedWorker> workers, boolean up, long now) {
		ReloadSnapshot latest = snapshot.lastReload();
		int id = (latest != null) ? latest.id() : 0;
		boolean runs = latest != null && latest.status() == ReloadStatus.RUNNING;
		SimulationInvariants.check(id == this.begun || id == this.begun + 1 && id <= this.requested,
				"runs one reload after the other, as requested", latest);
		SimulationInvariants.check(!up || runs || id == this.requested, "lets no reload wait for nothing", latest);
		SimulationInvariants.check(this.answer == null || runs || id < this.answer.id(), "runs what it promised",
				latest);
		if (id != this.begun) {
			SimulationInvariants.check(latest.toGeneration() > this.lastGeneration, "uses no generation twice", latest);
			this.lastGeneration = latest.toGeneration();
			this.soakingSince = -1;
			this.strategy = latest.strategy();
		}
		boolean ended = !runs && (this.running || id != this.begun);
		if (latest != null && ended && latest.status() == ReloadStatus.SUCCEEDED) {
			SimulationInvariants.check(latest.toGeneration() == snapshot.generation(), "succeeds with a new generation",
					latest);
			SimulationInvariants.check(!up || latest.losses() != null && latest.losses().after() != null,
					"counts losses", latest);
		}
		if (latest != null && !runs) {
			SimulationInvariants.check(latest.equals(this.ended.computeIfAbsent(id, (key) -> latest)),
					"changes nothing that is past", latest);
			SimulationInvariants.check(latest.output().size() <= PRINTED && latest.steps().size() <= STEPS,
					"remembers no more of a reload than fits", latest);
		}
		if (snapshot.generation() != this.generation) {
			SimulationInvariants.check(
					latest != null && latest.reason() == null && latest.toGeneration() == snapshot.generation(),
					"changes its generation by a reload that succeeds", snapshot);
			SimulationInvariants.check(
					workers.stream()
						.allMatch((worker) -> worker.isSpare() || worker.generation == snapshot.generation()),
					"goes live when the new generation is alone", workers);
			this.plan.checkMayBeLive(latest, this.settings.before().reload());
		}
		checkTarget(snapshot, up && !runs);
		SimulationInvariants.check(!runs || latest.reason() == null || latest.finished() == null, "finishes once",
				latest);
		SimulationInvariants.check(runs || latest == null || latest.finished() != null, "says when it ended", latest);
		SimulationInvariants.check(
				runs || latest == null || (latest.status() != ReloadStatus.SUCCEEDED) == (latest.reason() != null),
				"gives the reason of a failure and of nothing else", latest);
		boolean forward = runs && latest.reason() == null;
		SimulationInvariants.check(forward || workers.stream().noneMatch(ObservedWorker::isBackup),
				"parks nobody but for a reload that may fail", latest);
		if (runs) {
			checkProgress(latest, snapshot, now);
		}
		else {
			SimulationInvariants.check(
					this.forked.stream().allMatch((generation) -> generation == snapshot.generation()),
					"forks the live generation", this.forked);
		}
		this.generation = snapshot.generation();
		this.target = snapshot.target();
		this.begun = id;
		this.running = runs;
	}

	private void checkProgress(ReloadSnapshot reload, ClusterSnapshot snapshot, long now) {
		int target = reload.toGeneration();
		boolean forward = reload.reason() == null;
		SimulationInvariants.check(
				this.forked.stream()
					.allMatch((generation) -> generation == snapshot.generation() || forward && generation == target),
				"forks the live generation and the next", this.forked);
		long switched = this.opened.stream().filter((generation) -> generation == target).count();
		long replaced = this.replacing.stream().filter((generation) -> generation == target).count();
		SimulationInvariants.check(
				switched == 0
						|| reload.strategy() == ReloadStrategy.ROLLING
								&& replaced <= this.settings.maxSurge() + this.settings.maxUnavailable()
						|| reload.strategy() == ReloadStrategy.PARALLEL && switched == this.target,
				"switches within the budget or all together", reload);
		if (switched > 0 && reload.strategy() == ReloadStrategy.ROLLING) {
			checkSoak(reload, switched, now);
		}
	}

	private void checkTarget(ClusterSnapshot snapshot, boolean mayScale) {
		int expected = this.target;
		int configured = this.plan.workersOf(snapshot.generation());
		if (configured != this.plan.workersOf(this.generation)) {
			expected = configured;
		}
		SimulationInvariants.check(snapshot.target() == expected || mayScale && this.wanted.contains(snapshot.target()),
				"is as large as somebody said", snapshot);
		SimulationInvariants.check(snapshot.target() <= this.settings.now().maxWorkers(),
				"is never larger than is allowed", snapshot);
	}

	private void checkSoak(ReloadSnapshot reload, long switched, long now) {
		long soak = this.settings.before().reload().soak().toMillis();
		if (this.soakingSince < 0) {
			SimulationInvariants.check(soak == 0 || switched == 1, "begins with one canary", reload);
			this.soakingSince = now;
		}
		else {
			SimulationInvariants.check(now >= this.soakingSince + soak, "goes on when the canary has soaked", reload);
		}
	}

	void checkSettled(ClusterSnapshot snapshot) {
		SimulationInvariants.check(snapshot.target() == this.plan.workersOf(snapshot.generation())
				|| this.lastWanted.contains(snapshot.target()), "scales in the end", snapshot);
		ReloadSnapshot latest = snapshot.lastReload();
		SimulationInvariants.check(this.requested == ((latest != null) ? latest.id() : 0), "runs every reload", latest);
		SimulationInvariants.check(latest == null || latest.finished() != null, "ends every reload", latest);
	}

}
