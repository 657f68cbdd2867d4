package io.clusterboot.primary;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Brings every slot to the generation that should be live. A reload is one way there; the
 * way back after a failed one is the same.
 */
final class Reloads {

	private final SupervisorSettings settings;

	private final Workers workers;

	private final GenerationSnapshots snapshots;

	private final ReloadHistory history = new ReloadHistory();

	private int generation = 1;

	private int lastGeneration = 1;

	private int lastId;

	private @Nullable Reload latest;

	private @Nullable Reload waiting;

	Reloads(SupervisorSettings settings, Workers workers) {
		this.settings = settings;
		this.workers = workers;
		this.snapshots = new GenerationSnapshots(workers);
	}

	/**
	 * Return the generation that is live, which new workers of a slot get.
	 * @return the generation
	 */
	int generation() {
		return this.generation;
	}

	/**
	 * Return whether workers of the live generation can be forked.
	 * @return whether there is a snapshot of its code
	 */
	boolean isForkable() {
		return this.snapshots.has(this.generation);
	}

	void start() {
		this.snapshots.take(this.generation);
	}

	void snapshotTaken(int generation) {
		this.snapshots.taken(generation);
	}

	/**
	 * The code of a generation cannot be had; nothing was done with it yet.
	 * @param generation the generation
	 * @param reason why
	 */
	void snapshotFailed(int generation, String reason) {
		Reload reload = running();
		if (reload != null && reload.toGeneration() == generation) {
			reload.undo(reason);
			end(reload);
		}
	}

	boolean isRunning() {
		return running() != null;
	}

	@Nullable ReloadSnapshot latest() {
		return (this.latest != null) ? this.latest.snapshot() : null;
	}

	/**
	 * Return what is remembered.
	 * @return the reloads in the order of their ids
	 */
	List<ReloadSnapshot> all() {
		List<ReloadSnapshot> reloads = new ArrayList<>(this.history.all());
		Stream.of(running(), this.waiting).filter(Objects::nonNull).map(Reload::snapshot).forEach(reloads::add);
		return reloads;
	}

	/**
	 * End the reload that runs and undo what it did.
	 * @param id its id
	 * @return the reload or {@code null} if it does not run
	 */
	@Nullable ReloadSnapshot abort(int id) {
		Reload reload = running();
		if (reload == null || reload.id() != id) {
			return null;
		}
		if (!reload.isUndoing()) {
			reload.abort("aborted by http");
			this.workers.warn("Reload %d aborted: generation %d stays", id, reload.fromGeneration());
			dismissNext("reload %d aborted".formatted(id));
		}
		return reload.snapshot();
	}

	/**
	 * Take a request. While a reload runs or the cluster is not up, requests wait, and
	 * all that wait become one reload.
	 * @param trigger who asks
	 * @param strategy the strategy, or {@code null} for the configured one
	 * @return the reload that will answer the request
	 */
	ReloadSnapshot request(String trigger, @Nullable ReloadStrategy strategy) {
		ReloadStrategy wanted = (strategy != null) ? strategy : this.settings.reload().strategy();
		if (this.waiting == null) {
			this.waiting = new Reload(++this.lastId, trigger, wanted, this.lastGeneration, this.lastGeneration + 1,
					this.workers.now());
			this.workers.info("Reload %d requested: %s, %s", this.lastId, trigger, lowerCase(wanted));
		}
		else {
			this.waiting.join(trigger, wanted);
			this.workers.info("Reload %d requested again: %s, %s", this.waiting.id(), trigger, lowerCase(wanted));
		}
		Reload requested = this.waiting;
		advance();
		return requested.snapshot();
	}

	/**
	 * Do what can be done now.
	 */
	void advance() {
		if (!this.workers.isListening()) {
			return;
		}
		Reload reload = (isRunning()) ? running() : begin();
		if (reload == null) {
			replaceOutdated();
		}
		else if (reload.isUndoing()) {
			undo(reload);
		}
		else if (this.snapshots.has(reload.toGeneration())) {
			goLive(reload);
		}
		this.snapshots.discardAllBut(this.generation, (isRunning()) ? this.lastGeneration : this.generation);
	}

	/**
	 * A worker that was to get a slot is gone or leaves.
	 * @param worker the worker, which is no longer the slot's next
	 * @param how what happened to it
	 */
	void lostNext(Worker worker, String how) {
		Reload reload = running();
		if (reload != null && !reload.isUndoing()) {
			fail(reload, worker, how);
			return;
		}
		Slot slot = worker.slot();
		slot.notBefore(this.workers.now().plus(slot.backoff().next(this.settings)));
		this.workers.warn("Slot %d keeps generation %d for now: worker %d, which should have replaced it, %s",
				slot.index(), (slot.current() != null) ? slot.current().generation() : this.generation, worker.id(),
				how);
		if (reload != null) {
			end(reload);
		}
	}

	/**
	 * A worker that had a slot is gone or leaves.
	 * @param worker the worker, which no longer has the slot
	 * @param how what happened to it
	 */
	void lostCurrent(Worker worker, String how) {
		Reload reload = running();
		if (reload != null && !reload.isUndoing() && worker.generation() == reload.toGeneration()) {
			fail(reload, worker, how);
		}
	}

	/**
	 * A worker, whatever it was, is gone.
	 * @param worker the worker
	 */
	void exited(Worker worker) {
		Reload reload = running();
		if (reload != null) {
			reload.exited(worker.id(), this.workers.now());
		}
	}

	/**
	 * End everything that runs or waits, because the cluster ends.
	 */
	void abandon() {
		this.waiting = null;
		slots().forEach((slot) -> slot.next(null));
		Reload reload = running();
		if (reload != null) {
			reload.abort("the cluster is stopping");
			end(reload);
		}
	}

	private @Nullable Reload begin() {
		Reload reload = this.waiting;
		if (reload != null) {
			this.waiting = null;
			this.latest = reload;
			dismissNext("reload %d begins".formatted(reload.id()));
			reload.begin(this.generation, ++this.lastGeneration, this.workers.now());
			this.snapshots.take(this.lastGeneration);
			this.workers.info("Reload %d started: generation %d to %d, %s", reload.id(), reload.fromGeneration(),
					reload.toGeneration(), lowerCase(reload.strategy()));
		}
		return reload;
	}

	private void goLive(Reload reload) {
		int target = reload.toGeneration();
		List<Slot> missing = slots().stream().filter((slot) -> !slot.isOf(target)).toList();
		if (reload.strategy() == ReloadStrategy.PARALLEL) {
			missing.stream().filter((slot) -> slot.next() == null).forEach((slot) -> fork(slot, target));
			if (missing.stream().allMatch(Reloads::isWarm)) {
				missing.forEach(this::promote);
			}
		}
		else {
			roll(missing, target);
		}
		if (slots().stream().allMatch((slot) -> slot.isOf(target)) && !this.workers.hasLeavers()) {
			this.generation = target;
			end(reload);
			advance();
		}
	}

	private void undo(Reload reload) {
		replaceOutdated();
		boolean undone = slots().stream().noneMatch((slot) -> slot.next() != null || slot.isOutdated(this.generation));
		if (undone && !this.workers.hasLeavers()) {
			end(reload);
			advance();
		}
	}

	private void replaceOutdated() {
		Instant now = this.workers.now();
		roll(slots().stream()
			.filter((slot) -> slot.next() != null
					|| (slot.isOutdated(this.generation) && !slot.notBefore().isAfter(now)))
			.toList(), this.generation);
	}

	/*
	 * One more worker than slots at any time: a worker that is being replaced must be
	 * gone before the next replacement is forked.
	 */
	private void roll(List<Slot> slots, int target) {
		slots.stream().filter(Reloads::isWarm).forEach(this::promote);
		if (slots().stream().anyMatch((slot) -> slot.next() != null) || this.workers.hasLeavers()) {
			return;
		}
		slots.stream().filter((slot) -> !slot.isOf(target)).findFirst().ifPresent((slot) -> fork(slot, target));
	}

	private void fork(Slot slot, int target) {
		Worker worker = this.workers.fork(slot, target, this.settings.reload().readyTimeout(),
				"replaces generation %d by %d"
					.formatted((slot.current() != null) ? slot.current().generation() : this.generation, target));
		slot.next(worker);
		Reload reload = running();
		if (reload != null) {
			reload.forked(worker, this.workers.now());
		}
	}

	private void promote(Slot slot) {
		Worker old = slot.current();
		Worker promoted = slot.next();
		if (promoted == null) {
			return;
		}
		slot.next(null);
		slot.current(promoted);
		slot.backoff().reset();
		this.workers.open(promoted);
		Reload reload = running();
		if (reload != null) {
			reload.promoted(promoted, old, this.workers.now());
		}
		if (old != null) {
			this.workers.retire(old, false, "replaced by worker %d".formatted(promoted.id()));
		}
	}

	private void fail(Reload reload, Worker worker, String how) {
		String reason = "worker %d of slot %d %s".formatted(worker.id(), worker.slot().index(), how);
		reload.undo(reason);
		this.workers.warn("Reload %d failed: %s; generation %d stays", reload.id(), reason, reload.fromGeneration());
		dismissNext("reload %d failed".formatted(reload.id()));
	}

	private void dismissNext(String reason) {
		for (Slot slot : slots()) {
			Worker next = slot.next();
			if (next != null) {
				slot.next(null);
				this.workers.retire(next, false, reason);
			}
		}
	}

	private void end(Reload reload) {
		reload.end(this.workers.now());
		ReloadSnapshot snapshot = reload.snapshot();
		this.history.add(snapshot);
		if (snapshot.reason() == null) {
			this.workers.info("Reload %d succeeded: generation %d is live", reload.id(), this.generation);
		}
		else {
			this.workers.warn("Reload %d %s: generation %d is live; reason: %s", reload.id(),
					lowerCase(snapshot.status()).replace('_', ' '), this.generation, snapshot.reason());
		}
	}

	private @Nullable Reload running() {
		return (this.latest != null && this.latest.isRunning()) ? this.latest : null;
	}

	private List<Slot> slots() {
		return this.workers.slots();
	}

	private static boolean isWarm(Slot slot) {
		return slot.next() != null && slot.next().isAccepting() && !slot.next().isEnding();
	}

	private static String lowerCase(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT);
	}

}
