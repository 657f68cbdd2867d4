package io.clusterboot.supervisor;

import java.time.Duration;
import java.util.random.RandomGenerator;

import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.channel.Request;
import io.clusterboot.channel.Requester;
import io.clusterboot.contract.PrimaryEvent;
import io.clusterboot.supervisor.Disturbances.Kind;
import io.clusterboot.supervisor.SimulationChance.Aspect;

/**
 * People who ask a {@link SimulatedCluster} for things at random times: by signals, or
 * over HTTP through one of its workers.
 */
final class SimulatedOperator {

	private static final int LONGEST_STOP_MILLIS = 15_000;

	private final SimulatedCluster cluster;

	private final Supervisor supervisor;

	private final SimulationPlan plan;

	private int commands;

	// Of the round of commands
	private long start;

	SimulatedOperator(SimulatedCluster cluster, Supervisor supervisor, SimulationPlan plan) {
		this.cluster = cluster;
		this.supervisor = supervisor;
		this.plan = plan;
	}

	void schedule() {
		for (int round = 0; round < this.plan.length(); round++) {
			this.start = round * this.plan.chaosMillis();
			schedule(this.plan.chance().of(Aspect.SCHEDULE, round), (int) this.plan.chaosMillis());
		}
	}

	private void schedule(RandomGenerator random, int chaosMillis) {
		int reloads = random.nextInt(4);
		for (int i = 0; i < reloads; i++) {
			int first = random.nextInt(chaosMillis);
			int burst = 1 + random.nextInt(3);
			for (int j = 0; j < burst; j++) {
				later(first + random.nextInt(2000) * (long) j, "reload", this::requestReload);
			}
		}
		for (int i = random.nextInt(3); i > 0; i--) {
			later(random.nextInt(chaosMillis), "scale", this::scale);
		}
		if (random.nextInt(5) == 0 && this.plan.length() == 1) {
			later(random.nextInt(chaosMillis), "end", this::end);
		}
		if (this.plan.chance().isOld()) {
			return;
		}
		for (int i = random.nextInt(3); i > 0; i--) {
			later(random.nextInt(chaosMillis), "SIGTTIN or SIGTTOU", this::scaleBySignal);
		}
		for (int i = random.nextInt(3); i > 0; i--) {
			later(random.nextInt(chaosMillis), "questions", this::ask);
		}
		for (int i = random.nextInt(3) - 1; i > 0; i--) {
			int millis = (random.nextBoolean()) ? random.nextInt(1900) : 2001 + random.nextInt(LONGEST_STOP_MILLIS);
			long time = this.start + random.nextInt(chaosMillis);
			if (this.plan.disturbances().happens(Kind.STOPPED_PRIMARY, "for %d ms at %d".formatted(millis, time))) {
				this.cluster.later(time, () -> this.cluster.stop(millis));
			}
		}
		for (int i = random.nextInt(8); i > 0; i--) {
			later(random.nextInt(chaosMillis), "lock", this::lock);
		}
	}

	private void later(long millis, String what, Command command) {
		int number = ++this.commands;
		long time = this.start + millis;
		if (this.plan.disturbances().happens(Kind.COMMAND, number + ": " + what + " at " + time)) {
			RandomGenerator random = this.plan.chance().of(Aspect.COMMAND, number);
			this.cluster.later(time, () -> command.give(random));
		}
	}

	private void requestReload(RandomGenerator random) {
		ReloadStrategy strategy = (this.plan.isRollingOnly())
				? SimulationPlan.pick(random, ReloadStrategy.ROLLING, null)
				: SimulationPlan.pick(random, ReloadStrategy.values());
		SimulatedWorker worker = this.cluster.anyoneOnline(random);
		if (worker != null && random.nextBoolean()) {
			worker.say(new Request.Reload(id(0), new Requester("http", null), strategy));
			worker.say(new Request.Snapshot(id(1)));
			if (random.nextInt(4) == 0) {
				this.cluster.later(random.nextInt(5000), () -> abortReload(random));
			}
		}
		else {
			this.cluster.deliver(new PrimaryEvent.ReloadRequested("SIGUSR2", strategy));
		}
	}

	private void scale(RandomGenerator random) {
		SimulatedWorker worker = this.cluster.anyoneOnline(random);
		if (worker != null) {
			worker.say(new Request.Scale(id(4), new Requester("http", null), 1 + random.nextInt(5)));
		}
	}

	private void scaleBySignal(RandomGenerator random) {
		boolean more = random.nextBoolean();
		this.cluster.deliver(new PrimaryEvent.ScaleRequested((more) ? "SIGTTIN" : "SIGTTOU", (more) ? 1 : -1));
	}

	private void abortReload(RandomGenerator random) {
		SimulatedWorker worker = this.cluster.anyoneOnline(random);
		ReloadSnapshot latest = this.supervisor.snapshot().lastReload();
		if (worker != null && latest != null) {
			worker.say(new Request.Abort(id(2), new Requester("http", null), latest.id()));
			worker.say(new Request.Reloads(id(3)));
		}
	}

	/**
	 * Ask for everything that the cluster remembers.
	 * @param random what decides whom
	 */
	void ask(RandomGenerator random) {
		SimulatedWorker worker = this.cluster.anyoneOnline(random);
		if (worker != null) {
			worker.say(new Request.Snapshot(id(1)));
			worker.say(new Request.Reloads(id(3)));
			worker.say(new Request.Incidents(id(5)));
			worker.say(new Request.Incident(id(6), 1 + random.nextInt(5)));
			worker.say(new Request.Count(id(7), SimulationPlan.pick(random, "one", "other"), random.nextInt(5) - 2));
		}
	}

	// As jobs do that every worker begins at about the same time, and some never end
	private void lock(RandomGenerator random) {
		String name = SimulationPlan.pick(random, "one", "other", "several");
		for (int i = 1 + random.nextInt(3); i > 0; i--) {
			this.cluster.later(random.nextInt(500), () -> lock(name, random));
		}
	}

	private void lock(String name, RandomGenerator random) {
		SimulatedWorker worker = this.cluster.anyoneOnline(random);
		if (worker == null) {
			return;
		}
		long lock = id(8);
		Duration atMost = SimulationPlan.pick(random, Duration.ZERO, Duration.ofSeconds(1), Duration.ofDays(1));
		Duration atLeast = SimulationPlan.pick(random, Duration.ZERO, atMost.dividedBy(2), atMost);
		int permits = (name.equals("several")) ? 1 + random.nextInt(3) : 1;
		worker.say(new Request.Lock(lock, name, permits, atMost, atLeast));
		boolean extended = random.nextBoolean();
		boolean unlocked = random.nextInt(3) > 0;
		this.cluster.later(random.nextInt(2000), () -> {
			if (extended && worker.isOnline()) {
				worker.say(new Request.Extend(id(9), name, lock, atMost, atLeast));
			}
		});
		this.cluster.later(random.nextInt(2000), () -> {
			if (unlocked && worker.isOnline()) {
				worker.say(new Request.Unlock(id(10), name, lock));
			}
		});
	}

	void end(RandomGenerator random) {
		SimulatedWorker worker = this.cluster.anyoneOnline(random);
		switch (random.nextInt(4)) {
			case 0 -> this.cluster.deliver(new PrimaryEvent.StopRequested("SIGINT", 130));
			case 1 -> {
				this.cluster.deliver(new PrimaryEvent.ShutdownRequested("SIGINT", 130));
				stopLater(random);
				stopLater(random);
			}
			case 2 -> {
				if (worker != null) {
					worker.say(new Request.Shutdown(id(0), new Requester("http", null)));
				}
				this.cluster.deliver(new PrimaryEvent.ShutdownRequested("SIGTERM", 143));
			}
			default -> this.cluster.deliver(new PrimaryEvent.ShutdownRequested("SIGTERM", 143));
		}
		if (random.nextInt(3) == 0) {
			requestReload(random);
		}
	}

	private void stopLater(RandomGenerator random) {
		this.cluster.later(random.nextInt(3000),
				() -> this.cluster.deliver(new PrimaryEvent.StopRequested("SIGINT again", 130)));
	}

	// Of a request; unique for its kind, since something is scheduled between two
	private long id(int kind) {
		return this.cluster.scheduled() + kind * 1_000_000L;
	}

	/**
	 * What somebody asks for.
	 */
	private interface Command {

		void give(RandomGenerator random);

	}

}
