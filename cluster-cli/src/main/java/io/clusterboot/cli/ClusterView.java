package io.clusterboot.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ClusterState;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStatus;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.channel.RecentMetrics;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.control.ControlConnection;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as the command shows it.
 *
 * @param name the name of the application
 * @param pid the process id of the primary
 * @param now the time by the primary's clock, which stands still while it is stopped
 * @param started when the primary started
 * @param port the cluster's port
 * @param state what goes on
 * @param target how many workers there should be
 * @param ready how many serve
 * @param generation the generation that is live
 * @param failedSlots slots whose workers never get ready
 * @param workers the workers by slot
 * @param lastReload the reload that runs or ended last, or {@code null}
 * @param waitingReload the reload that has not begun, or {@code null}
 * @param store what the primary keeps for the workers, or {@code null}
 */
record ClusterView(String name, long pid, Instant now, Instant started, int port, ClusterState state, int target,
		long ready, int generation, List<Integer> failedSlots, List<Worker> workers,
		@Nullable ReloadSnapshot lastReload, @Nullable ReloadSnapshot waitingReload,
		PrimarySnapshot.@Nullable Store store) {

	/**
	 * Ask a cluster how it is.
	 * @param connection the connection to it
	 * @return how it is
	 * @throws IOException if it does not say
	 */
	static ClusterView of(ControlConnection connection) throws IOException {
		ClusterSnapshot snapshot = connection.ask(Request.Snapshot::new, Reply.Snapshot.class).snapshot();
		Reply.Rates recent = connection.ask(Request.Rates::new, Reply.Rates.class);
		Map<Integer, RecentMetrics> rates = recent.workers()
			.stream()
			.collect(Collectors.toMap(RecentMetrics::worker, (worker) -> worker));
		return new ClusterView(connection.introduction().name(), snapshot.primary().pid(), recent.now(),
				snapshot.primary().started(), snapshot.port(), snapshot.state(), snapshot.target(),
				snapshot.workers().stream().filter((worker) -> worker.state() == WorkerState.READY).count(),
				snapshot.generation(), snapshot.failedSlots(),
				snapshot.workers().stream().map((worker) -> Worker.of(worker, rates.get(worker.id()))).toList(),
				snapshot.lastReload(), recent.waiting(), snapshot.primary().store());
	}

	/**
	 * Return whether all is as it should be.
	 * @return whether it serves with all its workers
	 */
	boolean isGood() {
		return (this.state == ClusterState.RUNNING || this.state == ClusterState.RELOADING) && this.ready >= this.target
				&& this.failedSlots.isEmpty() && silent() == 0;
	}

	// Others get its connections, until it is heard or taken to hang
	private long silent() {
		return this.workers.stream()
			.filter((worker) -> worker.slot() >= 0 && worker.state() == WorkerState.READY && worker.isSilent())
			.count();
	}

	/**
	 * Find the worker that has a slot. It may have two while one takes the place of the
	 * other.
	 * @param slot the slot
	 * @return the one that serves, else the newer one
	 * @throws CommandFailure if it has none
	 */
	Worker requireSlot(int slot) {
		List<Worker> found = this.workers.stream().filter((worker) -> worker.slot() == slot).toList();
		return found.stream()
			.filter((worker) -> worker.state() == WorkerState.READY || worker.state() == WorkerState.OPEN)
			.findFirst()
			.or(() -> found.stream().reduce((older, newer) -> newer))
			.orElseThrow(() -> new CommandFailure(ExitCode.BAD,
					"slot %d has no worker now; there are %d slots, from 0".formatted(slot, this.target)));
	}

	boolean isWaiting(ReloadSnapshot reload) {
		return this.waitingReload != null && this.waitingReload.id() == reload.id()
				&& reload.status() == ReloadStatus.RUNNING;
	}

	/**
	 * Say what a change waits for that has not begun.
	 * @return for example {@code waits for reload 3}
	 */
	String waits() {
		if (this.state == ClusterState.STARTING) {
			return "waits until the cluster has started";
		}
		return (this.lastReload != null && this.lastReload.status() == ReloadStatus.RUNNING)
				? "waits for reload " + this.lastReload.id() : "waits";
	}

	String title() {
		return "%s  pid %d  port %d  %s  generation %d  %d/%d ready%s  up %s%s%s".formatted(
				(this.name.isEmpty()) ? "(without a name)" : this.name, this.pid, this.port, Text.of(this.state),
				this.generation, this.ready, this.target, (silent() > 0) ? ", %d silent".formatted(silent()) : "",
				Text.of(Duration.between(this.started, this.now)), kept(),
				(this.waitingReload != null) ? "  reload %d %s".formatted(this.waitingReload.id(), waits()) : "");
	}

	// Nothing where nobody keeps anything
	private String kept() {
		if (this.store == null || this.store.bytes() + this.store.evictions() + this.store.refusals() == 0) {
			return "";
		}
		return "  store %s of %s%s%s".formatted(Text.ofBytes(this.store.bytes()), Text.ofBytes(this.store.maxBytes()),
				(this.store.evictions() > 0) ? ", %d evicted".formatted(this.store.evictions()) : "",
				(this.store.refusals() > 0) ? ", %d refused".formatted(this.store.refusals()) : "");
	}

	/**
	 * Return a table of the workers.
	 * @param console says which colours there are
	 * @return the lines
	 */
	List<String> table(Console console) {
		Table table = new Table("SLOT", "WORKER", "PID", "GEN", "STATE", "UPTIME", "RESTARTS", "REQ/S", "ERRORS", "P99",
				"MEMORY", "CPU");
		this.workers
			.forEach((worker) -> table.add((worker.slot() < 0) ? "spare" : worker.slot(), worker.id(), worker.pid(),
					worker.generation(), Text.of(worker.state()), Text.of(Duration.between(worker.started(), this.now)),
					worker.restarts(), worker.recently("%.1f", worker.requestsPerSecond()),
					worker.recently("%.1f%%", 100 * worker.errorShare()),
					(worker.requestsPerSecond() > 0) ? Text.ofMillis(worker.p99()) : "-",
					(worker.memory() > 0) ? Text.ofBytes(worker.memory()) : "-",
					worker.recently("%.0f%%", 100 * worker.processors())));
		List<String> lines = new ArrayList<>(table.lines());
		lines.set(0, console.bold(lines.get(0)));
		for (int i = 1; i < lines.size(); i++) {
			Worker worker = this.workers.get(i - 1);
			String state = Text.of(worker.state());
			lines.set(i, lines.get(i).replaceFirst("\\b" + state + "\\b", switch (worker.state()) {
				case READY, WARM -> console.good(state);
				case ENDING, EXITED -> console.bad(state);
				default -> console.pending(state);
			}));
		}
		if (!this.failedSlots.isEmpty()) {
			lines.add(
					console.bad("Slots whose workers never get ready, tried again once a minute: " + this.failedSlots));
		}
		return lines;
	}

	/**
	 * A worker.
	 *
	 * @param slot its slot, or -1 for a spare
	 * @param id its id
	 * @param pid its process id
	 * @param generation what it runs
	 * @param state its state
	 * @param started when it was forked
	 * @param ready when it first served, or {@code null}
	 * @param restarts how often a worker of its slot was replaced because it died
	 * @param requestsPerSecond in the last seconds
	 * @param errorShare the share of 5xx in the last seconds
	 * @param p99 in the last seconds
	 * @param processors how many processors it has used in the last seconds
	 * @param memory what it has in memory, in bytes
	 * @param heap what of that is heap in use, in bytes
	 * @param threads its threads
	 * @param openFiles its descriptors
	 * @param connections open connections
	 * @param requestsInFlight requests that are being handled
	 * @param requests all that it has answered
	 * @param sideDoor the port by which it alone is reached, or 0
	 * @param age how long ago it last said how it fares, or {@code null} if it has not;
	 * what is of the last seconds is 0 if that is too long ago
	 */
	record Worker(int slot, int id, long pid, int generation, WorkerState state, Instant started,
			@Nullable Instant ready, int restarts, double requestsPerSecond, double errorShare, Duration p99,
			double processors, long memory, long heap, int threads, long openFiles, int connections,
			int requestsInFlight, long requests, int sideDoor, @Nullable Duration age) {

		static Worker of(WorkerSnapshot worker, @Nullable RecentMetrics recent) {
			double seconds = (recent != null) ? recent.window().toMillis() / 1000.0 : 0;
			Duration age = (recent != null && seconds > 0) ? recent.age() : null;
			boolean known = isRecent(age);
			return new Worker(worker.slot(), worker.id(), worker.pid(), worker.generation(), worker.state(),
					worker.started(), worker.ready(), worker.restarts(),
					(known) ? recent.responses().total() / seconds : 0, (known) ? recent.responses().errorShare() : 0,
					(known) ? recent.requestTimes().percentile(0.99) : Duration.ZERO,
					(known) ? recent.cpuTime().toMillis() / 1000.0 / seconds : 0, worker.metrics().residentSet(),
					worker.metrics().heapUsed(), worker.metrics().threads(), worker.metrics().openFiles(),
					worker.metrics().connections(), worker.metrics().requestsInFlight(),
					worker.metrics().responses().total(), worker.sideDoor(), age);
		}

		/**
		 * Write what is of the last seconds.
		 * @param format how
		 * @param value the value
		 * @return the value, or a dash if it is not known
		 */
		String recently(String format, double value) {
			return (isRecent(this.age)) ? format.formatted(value) : "-";
		}

		boolean isSilent() {
			return this.age != null && !isRecent(this.age);
		}

		private static boolean isRecent(@Nullable Duration age) {
			return age != null && age.compareTo(RecentMetrics.SILENCE) < 0;
		}

	}

}
