package io.clusterboot.primary;

import java.time.Instant;

import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStatus;
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

	void undo(String reason) {
		if (this.reason == null) {
			this.reason = reason;
		}
	}

	void end(ReloadStatus status, Instant now) {
		this.status = status;
		this.finished = now;
	}

	@Nullable String reason() {
		return this.reason;
	}

	ReloadSnapshot snapshot() {
		return new ReloadSnapshot(this.id, this.trigger, this.strategy, this.status, this.reason, this.fromGeneration,
				this.toGeneration, this.started, this.finished);
	}

}
