package io.clusterboot.primary;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

import io.clusterboot.IncidentCause;
import io.clusterboot.ResponseCounts;
import io.clusterboot.channel.Message;
import io.clusterboot.primary.SimulationPlan.Fault;
import io.clusterboot.process.ExitEvidence;

/**
 * A worker's process in a {@link SimulatedCluster}, which lives the life that its
 * {@link Fault} gives it.
 */
final class SimulatedWorker {

	private static final int KILLED = 137;

	private static final int TERMINATED = 143;

	private static final int BEATS = 3;

	private static final int BEAT_MILLIS = 1000;

	private static final int SLOW_DEATH_MILLIS = 8000;

	private final int id;

	private final SimulatedCluster cluster;

	private final RandomGenerator random;

	private final Fault fault;

	private final Configuration configuration;

	private final boolean ignoresDrain;

	private final boolean ignoresTermination;

	private final boolean diesSlowly;

	private final int stepMillis;

	private boolean started;

	private boolean killed;

	private boolean online;

	private boolean ready;

	private boolean refusing;

	private boolean channelLost;

	private boolean frozen;

	private final List<Message.FromPrimary> unread = new ArrayList<>();

	private final Set<Integer> adopted = new HashSet<>();

	private int beats;

	private long answered;

	private long lastBeat;

	private boolean dead;

	SimulatedWorker(int id, SimulatedCluster cluster, RandomGenerator random, Fault fault, Configuration configuration,
			boolean ignoresDrain, boolean ignoresTermination, boolean diesSlowly) {
		this.id = id;
		this.cluster = cluster;
		this.random = random;
		this.fault = fault;
		this.configuration = configuration;
		this.ignoresDrain = ignoresDrain;
		this.ignoresTermination = ignoresTermination;
		this.diesSlowly = diesSlowly;
		this.stepMillis = 1 + random.nextInt(600);
		this.cluster.later(delay(50), this::fork);
	}

	boolean isOnline() {
		return this.online && !this.dead && !this.channelLost;
	}

	void onMessage(Message.FromPrimary message) {
		if (this.frozen) {
			if (message instanceof Message.ThreadDumpRequest && this.random.nextBoolean()) {
				later(1000, () -> say(new Message.ThreadDump("stuck")));
			}
			this.unread.add(message);
			return;
		}
		if (message instanceof Message.Adopt adopt) {
			adopt(adopt.slot());
		}
		if (message instanceof Message.Release release && this.adopted.remove(release.slot()) && release.last()) {
			later(500, () -> say(new Message.Released(release.slot())));
		}
		if (message instanceof Message.Drain && !this.channelLost && !this.ignoresDrain) {
			later(100, () -> say(new Message.GateClosed()));
			later(150, () -> say(new Message.Drained(this.random.nextInt(3))));
			later(200 + this.random.nextInt(2000), () -> die(0));
		}
	}

	private void adopt(int slot) {
		if (this.random.nextInt(50) == 0) {
			later(500, () -> say(new Message.SocketFailed(slot, "too many open files")));
		}
		else {
			this.adopted.add(slot);
		}
	}

	void onTerminate() {
		if (!this.ignoresTermination && !this.frozen) {
			later(100, () -> die(TERMINATED));
		}
	}

	void onKill() {
		if (this.started) {
			later((this.diesSlowly) ? SLOW_DEATH_MILLIS : 50, () -> die(KILLED));
		}
		this.killed = true;
	}

	void onCalm() {
		if (this.refusing && this.ready) {
			readiness(true);
		}
	}

	void say(Message.FromWorker message) {
		if (!this.channelLost) {
			this.cluster.deliver(new PrimaryEvent.MessageReceived(this.id, message));
		}
	}

	private void fork() {
		if (this.fault == Fault.FORK_FAILS) {
			this.dead = true;
			this.cluster.deliver(new PrimaryEvent.WorkerExited(this.id, 1, "no process", List.of(), ExitEvidence.NONE));
			return;
		}
		this.started = true;
		this.cluster.deliver(new PrimaryEvent.WorkerForked(this.id, 1000 + this.id));
		if (this.killed) {
			later(50, () -> die(KILLED));
		}
		later(this.stepMillis, this::connect);
	}

	private void connect() {
		if (this.fault == Fault.DIES_BEFORE_ONLINE) {
			die(1);
			return;
		}
		this.online = true;
		say(new Message.Hello((this.fault == Fault.OLD_PROTOCOL) ? 0 : Message.Hello.PROTOCOL));
		say(new Message.Configuration(this.configuration.properties()));
		later(this.stepMillis, this::listen);
	}

	private void listen() {
		switch (this.fault) {
			case DIES_BEFORE_READY -> die(3);
			case HANGS -> nag();
			case LEAVES_BEFORE_READY -> {
				say(new Message.Leaving("SIGTERM"));
				later(2000, () -> die(TERMINATED));
			}
			default -> {
				say(new Message.Listening(8080));
				later(this.stepMillis, () -> readiness(true));
			}
		}
	}

	private void readiness(boolean accepting) {
		boolean first = !this.ready;
		this.ready = true;
		this.refusing = !accepting;
		say(new Message.Readiness(accepting));
		if (first) {
			for (int beat = 1; beat <= BEATS; beat++) {
				this.cluster.later(beat * (long) BEAT_MILLIS, () -> beat(this.cluster.now()));
			}
			misbehave();
		}
	}

	/**
	 * Give a sign of life if the last one was long enough ago and there is life.
	 * @param now the time
	 * @return whether it was given
	 */
	boolean beat(long now) {
		if (!isOnline() || this.frozen || now < this.lastBeat + BEAT_MILLIS) {
			return false;
		}
		this.lastBeat = now;
		this.beats++;
		// Who answers for ever would be recycled for ever
		if (!this.cluster.isCalm() || this.fault == Fault.ANSWERS_BADLY) {
			this.answered += 30;
		}
		long bad = (this.fault == Fault.ANSWERS_BADLY) ? this.answered / 2 : 0;
		long memory = (this.fault == Fault.GROWS) ? 300L * this.beats : 500;
		say(Beats.of(1, this.random.nextInt(10), memory, new ResponseCounts(0, this.answered - bad, 0, 0, bad)));
		return true;
	}

	private void nag() {
		say(new Message.Readiness(false));
		this.cluster.later(3000, () -> {
			if (!this.dead) {
				nag();
			}
		});
	}

	private void misbehave() {
		switch (this.fault) {
			case DIES_AFTER_READY -> later(3000, () -> die(1));
			case FLAPS -> {
				later(3000, () -> readiness(this.cluster.isCalm()));
				later(3000, () -> readiness(this.random.nextBoolean() || this.cluster.isCalm()));
			}
			case LEAVES -> later(5000, () -> say(new Message.Leaving("SIGTERM")));
			case BREAKS -> later(3000, () -> say(this.random.nextBoolean() ? new Message.Liveness(false)
					: new Message.Unhealthy(IncidentCause.DEADLOCK, "threads wait for each other", "stuck")));
			case STALLS -> later(3000, () -> {
				say(new Message.Readiness(false));
				say(new Message.Unhealthy(IncidentCause.STALL, "no request was finished", "stuck"));
			});
			case FREEZES -> later(3000, this::freeze);
			case LOSES_CHANNEL -> later(5000, this::loseChannel);
			default -> {
				// it serves
			}
		}
	}

	private void freeze() {
		this.frozen = true;
		if (this.random.nextInt(3) == 0) {
			later(20_000, this::thaw);
		}
	}

	private void thaw() {
		this.frozen = false;
		this.unread.forEach(this::onMessage);
	}

	private void loseChannel() {
		if (!this.channelLost) {
			this.channelLost = true;
			this.cluster.deliver(new PrimaryEvent.ChannelEnded(this.id, "full"));
			if (!this.ignoresDrain) {
				later(2000, () -> die(0));
			}
		}
	}

	private void die(int code) {
		this.dead = true;
		if (this.random.nextBoolean() && !this.channelLost) {
			this.channelLost = true;
			this.cluster.later(delay(3), () -> this.cluster.deliver(new PrimaryEvent.ChannelEnded(this.id, "end")));
		}
		this.cluster.later(delay(10), () -> this.cluster.exited(this.id, code));
	}

	private void later(int maxMillis, Runnable step) {
		this.cluster.later(delay(maxMillis), () -> {
			if (!this.dead) {
				step.run();
			}
		});
	}

	private int delay(int maxMillis) {
		return 1 + this.random.nextInt(maxMillis);
	}

}
