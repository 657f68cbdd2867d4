package io.clusterboot.supervisor;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import io.clusterboot.CanarySnapshot;
import io.clusterboot.ResponseCounts;
import io.clusterboot.WorkerState;
import io.clusterboot.supervisor.table.Worker;
import org.jspecify.annotations.Nullable;

/**
 * The first worker of a new generation, watched while it serves beside those of the old
 * one.
 */
final class Canary {

	// With fewer, one error more or less would decide
	private static final int ENOUGH = 20;

	private final Worker worker;

	private final Instant until;

	private final double maxErrorIncrease;

	// What the others had answered when it began
	private final Map<Integer, ResponseCounts> before = new HashMap<>();

	private final ResponseCounts replaced;

	private ResponseCounts responses = ResponseCounts.NONE;

	private ResponseCounts others = ResponseCounts.NONE;

	Canary(Worker worker, @Nullable Worker replaced, Collection<Worker> others, Instant until,
			double maxErrorIncrease) {
		this.worker = worker;
		this.until = until;
		this.maxErrorIncrease = maxErrorIncrease;
		this.replaced = (replaced != null) ? replaced.pulse().responses() : ResponseCounts.NONE;
		others.forEach((other) -> this.before.put(other.id(), other.pulse().responses()));
	}

	Worker worker() {
		return this.worker;
	}

	/**
	 * Return whether its slot was given back.
	 * @return whether it has no place any more, but is still there
	 */
	boolean isReplaced() {
		return this.worker.slot().current() != this.worker && this.worker.state() != WorkerState.EXITED;
	}

	Instant until() {
		return this.until;
	}

	/**
	 * Compare it with the others.
	 * @param others the workers of the old generation that serve now
	 * @return why it must not go on, or {@code null}
	 */
	@Nullable String watch(Collection<Worker> others) {
		this.responses = this.worker.pulse().responses();
		ResponseCounts sum = others.stream()
			.map((other) -> other.pulse().responses().minus(this.before.getOrDefault(other.id(), ResponseCounts.NONE)))
			.reduce(ResponseCounts.NONE, ResponseCounts::plus);
		this.others = (sum.total() != 0) ? sum : this.replaced;
		if (!this.worker.isServing()) {
			// one that ends by itself is about to tell how
			return (this.worker.isEnding() || this.worker.isHung()) ? null : "refuses traffic";
		}
		if (this.responses.total() >= ENOUGH
				&& this.responses.errorShare() > this.others.errorShare() + this.maxErrorIncrease) {
			return toString();
		}
		return null;
	}

	@Override
	public String toString() {
		return "answered %d of %d requests with 5xx, the others %d of %d".formatted(this.responses.serverErrors(),
				this.responses.total(), this.others.serverErrors(), this.others.total());
	}

	CanarySnapshot snapshot() {
		return new CanarySnapshot(this.worker.id(), this.until, this.responses, this.others);
	}

}
