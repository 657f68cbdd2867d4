package io.clusterboot.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.clusterboot.contract.Balance;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.Steering;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;

/**
 * Decides which slots new connections are sent to, and in which shares.
 */
final class Balancing {

	private static final Duration PERIOD = Duration.ofSeconds(1);

	private static final double FULL_WEIGHT = 1000;

	// Of a worker that has just become ready
	private static final double SMALLEST_SHARE = 0.05;

	private final Workers workers;

	private final Silence silence;

	private Map<Integer, Integer> weights = Map.of();

	private Steering latest = Steering.NOWHERE;

	private Instant weighed = Instant.MIN;

	Balancing(Workers workers, Silence silence) {
		this.workers = workers;
		this.silence = silence;
	}

	/**
	 * Send new connections to those slots only that are served.
	 */
	void steer() {
		if (this.workers.isListening()) {
			Steering before = this.latest;
			this.latest = steering();
			if (!this.latest.equals(before)) {
				steerAgain();
			}
		}
	}

	void steerAgain() {
		this.workers.act(new PrimaryAction.Steer(this.latest));
	}

	private Steering steering() {
		List<Worker> serving = this.workers.slots().stream().map(this.silence::open).filter(Objects::nonNull).toList();
		Set<Integer> served = serving.stream()
			.map((worker) -> worker.slot().index())
			.collect(Collectors.toUnmodifiableSet());
		Balance balance = this.workers.settings().balance();
		// Weights that are all the same leave it to the kernel
		if (balance == Balance.LEAST_LOADED || (balance == Balance.KERNEL && !slowStart().isZero())) {
			return new Steering(weights(serving, served), false);
		}
		return new Steering(Steering.evenly(served).weights(), balance == Balance.SOURCE_IP);
	}

	private Map<Integer, Integer> weights(List<Worker> serving, Set<Integer> served) {
		Instant now = this.workers.now();
		if (!this.weights.keySet().equals(served) || !this.weighed.plus(PERIOD).isAfter(now)) {
			this.weighed = now;
			this.weights = serving.stream()
				.collect(Collectors.toMap((worker) -> worker.slot().index(), (worker) -> weight(worker, now)));
		}
		return this.weights;
	}

	private int weight(Worker worker, Instant now) {
		double load = (this.workers.settings().balance() == Balance.LEAST_LOADED) ? worker.pulse().load() : 0;
		return (int) Math.max(1, FULL_WEIGHT * warmth(worker, now) / (1 + load));
	}

	private Duration slowStart() {
		return this.workers.settings().worker().slowStart();
	}

	private double warmth(Worker worker, Instant now) {
		long slowStart = slowStart().toMillis();
		Instant ready = worker.ready();
		if (slowStart == 0 || ready == null) {
			return 1;
		}
		double share = (double) Duration.between(ready, now).toMillis() / slowStart;
		return Math.min(1, Math.max(SMALLEST_SHARE, share));
	}

}
