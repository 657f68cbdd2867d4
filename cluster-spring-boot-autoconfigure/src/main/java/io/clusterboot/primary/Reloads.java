package io.clusterboot.primary;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Brings every slot to the generation that should be live. A reload is one way there; the
 * way back after a failed one is the same.
 */
final class Reloads {

	private final SupervisorSettings settings;

	private final Workers workers;

	private int generation = 1;

	private int lastGeneration = 1;

	private int lastId;

	private @Nullable Reload latest;

	private @Nullable Reload waiting;

	Reloads(SupervisorSettings settings, Workers workers) {
		this.settings = settings;
		this.workers = workers;
	}

	/**
	 * Return the generation that is live, which new workers of a slot get.
	 * @return the generation
	 */
	int generation() {
		return this.generation;
	}

	boolean isRunning() {
		return this.latest != null && this.latest.isRunning();
	}

	@Nullable ReloadSnapshot latest() {
		return (this.latest != null) ? this.latest.snapshot() : null;
	}

	/**
	 * Take a request. While a reload runs or the cluster is not up, requests wait, and
	 * all that wait become one reload.
	 * @param trigger who asks
	 * @param strategy the strategy, or {@code null} for the configured one
	 * @return the reload that will answer the request
	 */
	ReloadSnapshot request(String trigger, @Nullable ReloadStrategy strategy) {
		ReloadStrategy wanted = (strategy != null) ? strategy : this.settings.reloadStrategy();
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
		Reload reload = this.latest;
		if (reload == null || !reload.isRunning()) {
			reload = begin();
		}
		if (reload == null) {
			replaceOutdated();
		}
		else if (reload.isUndoing()) {
			undo(reload);
		}
		else {
			goLive(reload);
		}
	}

	/**
	 * A worker that was to get a slot is gone or leaves.
	 * @param worker the worker, which is no longer the slot's next
	 * @param how what happened to it
	 */
	void lostNext(Worker worker, String how) {
		Reload reload = this.latest;
		if (reload != null && reload.isRunning() && !reload.isUndoing()) {
			fail(reload, worker, how);
			return;
		}
		Slot slot = worker.slot();
		slot.notBefore(this.workers.now().plus(slot.backoff().next()));
		this.workers.warn("Slot %d keeps generation %d for now: worker %d, which should have replaced it, %s",
				slot.index(), (slot.current() != null) ? slot.current().generation() : this.generation, worker.id(),
				how);
		if (reload != null && reload.isUndoing()) {
			end(reload, ReloadStatus.FAILED);
		}
	}

	/**
	 * A worker that had a slot is gone or leaves.
	 * @param worker the worker, which no longer has the slot
	 * @param how what happened to it
	 */
	void lostCurrent(Worker worker, String how) {
		Reload reload = this.latest;
		if (reload != null && reload.isRunning() && !reload.isUndoing()
				&& worker.generation() == reload.toGeneration()) {
			fail(reload, worker, how);
		}
	}

	/**
	 * End everything that runs or waits, because the cluster ends.
	 */
	void abandon() {
		this.waiting = null;
		slots().forEach((slot) -> slot.next(null));
		if (this.latest != null && this.latest.isRunning()) {
			this.latest.undo("the cluster is stopping");
			end(this.latest, ReloadStatus.FAILED);
		}
	}

	private @Nullable Reload begin() {
		Reload reload = this.waiting;
		if (reload != null) {
			this.waiting = null;
			this.latest = reload;
			dismissNext("reload %d begins".formatted(reload.id()));
			reload.begin(this.generation, ++this.lastGeneration, this.workers.now());
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
			end(reload, ReloadStatus.SUCCEEDED);
			advance();
		}
	}

	private void undo(Reload reload) {
		replaceOutdated();
		boolean undone = slots().stream().noneMatch((slot) -> slot.next() != null || slot.isOutdated(this.generation));
		if (undone && !this.workers.hasLeavers()) {
			end(reload, ReloadStatus.FAILED);
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
		slot.next(this.workers.fork(slot, target, this.settings.readyTimeout(), "replaces generation %d by %d"
			.formatted((slot.current() != null) ? slot.current().generation() : this.generation, target)));
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

	private void end(Reload reload, ReloadStatus status) {
		reload.end(status, this.workers.now());
		if (status == ReloadStatus.SUCCEEDED) {
			this.workers.info("Reload %d succeeded: generation %d is live", reload.id(), this.generation);
		}
		else {
			this.workers.warn("Reload %d ended: generation %d is live; reason: %s", reload.id(), this.generation,
					reload.reason());
		}
	}

	private List<Slot> slots() {
		return this.workers.slots();
	}

	private static boolean isWarm(Slot slot) {
		return slot.next() != null && slot.next().isAccepting() && !slot.next().isEnding();
	}

	private static String lowerCase(ReloadStrategy strategy) {
		return strategy.name().toLowerCase(Locale.ROOT);
	}

}
