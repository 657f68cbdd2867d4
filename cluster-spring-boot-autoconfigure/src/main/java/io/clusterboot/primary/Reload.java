package io.clusterboot.primary;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStepSnapshot;
import io.clusterboot.ReloadStrategy;
import org.jspecify.annotations.Nullable;

/**
 * One reload, from the request to its end. A reload that fails halfway through is undone
 * before it ends.
 */
final class Reload {

	private final int id;

	private String trigger;

	private ReloadStrategy strategy;

	private int fromGeneration;

	private int toGeneration;

	private Instant started;

	private ReloadStatus status = ReloadStatus.RUNNING;

	private @Nullable String reason;

	private boolean aborted;

	private final Map<Integer, ReloadStepSnapshot> steps = new LinkedHashMap<>();

	private @Nullable Instant finished;

	Reload(int id, String trigger, ReloadStrategy strategy, int fromGeneration, int toGeneration, Instant started) {
		this.id = id;
		this.trigger = trigger;
		this.strategy = strategy;
		this.fromGeneration = fromGeneration;
		this.toGeneration = toGeneration;
		this.started = started;
	}

	int id() {
		return this.id;
	}

	String trigger() {
		return this.trigger;
	}

	ReloadStrategy strategy() {
		return this.strategy;
	}

	int fromGeneration() {
		return this.fromGeneration;
	}

	int toGeneration() {
		return this.toGeneration;
	}

	/**
	 * Join another request into this one, which waits. The latest wish counts.
	 * @param trigger who asks now
	 * @param strategy the strategy asked for now
	 */
	void join(String trigger, ReloadStrategy strategy) {
		this.trigger = trigger;
		this.strategy = strategy;
	}

	void begin(int fromGeneration, int toGeneration, Instant now) {
		this.fromGeneration = fromGeneration;
		this.toGeneration = toGeneration;
		this.started = now;
	}

	boolean isRunning() {
		return this.status == ReloadStatus.RUNNING;
	}

	/**
	 * Return whether it failed and what it did is being undone.
	 * @return whether the old generation is on its way back
	 */
	boolean isUndoing() {
		return isRunning() && this.reason != null;
	}

	/**
	 * Go back from now on. The first reason counts.
	 * @param reason why
	 */
	void undo(String reason) {
		if (this.reason == null) {
			this.reason = reason;
		}
	}

	/**
	 * Go back from now on because somebody wants it.
	 * @param reason who wants it
	 */
	void abort(String reason) {
		this.aborted = this.reason == null;
		undo(reason);
	}

	void forked(Worker worker, Instant now) {
		this.steps.put(worker.id(),
				new ReloadStepSnapshot(worker.slot().index(), worker.generation(), worker.id(), now, null, null, null));
	}

	void promoted(Worker worker, @Nullable Worker old, Instant now) {
		this.steps.computeIfPresent(worker.id(), (id, step) -> new ReloadStepSnapshot(step.slot(), step.generation(),
				id, step.forked(), now, (old != null) ? old.id() : null, null));
	}

	void exited(int worker, Instant now) {
		this.steps
			.replaceAll((id, step) -> (step.replaced() != null && step.replaced() == worker) ? new ReloadStepSnapshot(
					step.slot(), step.generation(), id, step.forked(), step.ready(), step.replaced(), now) : step);
	}

	void end(Instant now) {
		this.status = outcome();
		this.finished = now;
	}

	private ReloadStatus outcome() {
		if (this.reason == null) {
			return ReloadStatus.SUCCEEDED;
		}
		if (this.aborted) {
			return ReloadStatus.ABORTED;
		}
		boolean wasLive = this.steps.values()
			.stream()
			.anyMatch((step) -> step.generation() == this.toGeneration && step.ready() != null);
		return (wasLive) ? ReloadStatus.ROLLED_BACK : ReloadStatus.FAILED;
	}

	@Nullable String reason() {
		return this.reason;
	}

	ReloadSnapshot snapshot() {
		return new ReloadSnapshot(this.id, this.trigger, this.strategy, this.status, this.reason, this.fromGeneration,
				this.toGeneration, this.started, this.finished, List.copyOf(this.steps.values()), null, null,
				List.of());
	}

}
