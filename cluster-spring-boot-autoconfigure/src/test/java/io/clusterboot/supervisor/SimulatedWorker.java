package io.clusterboot.supervisor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

import io.clusterboot.IncidentCause;
import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.PrimaryEvent;
import io.clusterboot.supervisor.Disturbances.Kind;
import io.clusterboot.supervisor.SimulationPlan.Character;
import io.clusterboot.supervisor.SimulationPlan.Fault;

/**
 * A worker's process in a {@link SimulatedCluster}, which lives the life that its faults
 * give it.
 */
final class SimulatedWorker {

	private static final int BEATS = 3;

	private static final int BEAT_MILLIS = 1000;

	private static final int SLOW_DEATH_MILLIS = 8000;

	// More than a reload remembers
	private static final List<String> OUTPUT = IntStream.rangeClosed(1, 60).mapToObj("line %d"::formatted).toList();

	private final int id;

	private final SimulatedCluster cluster;

	private final Character character;

	private final RandomGenerator random;

	private final int stepMillis;

	private boolean started;

	private boolean killed;

	private boolean online;

	private boolean ready;

	private boolean permitted;

	private boolean failOpen;

	private boolean gateEnded;

	private boolean refusing;

	private boolean channelLost;

	private boolean frozen;

	private final List<Message.FromPrimary> unread = new ArrayList<>();

	private final List<Message.FromWorker> unsaid = new ArrayList<>();

	private final Set<Integer> adopted = new HashSet<>();

	private final Set<IncidentCause> causes = EnumSet.noneOf(IncidentCause.class);

	// When the last message that was sent to it will reach it
	private long arrival;

	private final SimulatedWork work;

	private final SimulatedLeader leader;

	private long lastBeat;

	private boolean dead;

	SimulatedWorker(int id, SimulatedCluster cluster, Character character) {
		this.id = id;
		this.cluster = cluster;
		this.character = character;
		this.random = character.random();
		this.work = new SimulatedWork(character);
		this.leader = new SimulatedLeader(this, cluster, id);
		this.stepMillis = 1 + this.random.nextInt(600);
		this.cluster.later(delay(50), this::fork);
	}

	/**
	 * Return what could be wrong with it by now.
	 * @return the causes of which one may be noticed first
	 */
	Set<IncidentCause> causes() {
		return this.causes;
	}

	boolean isOnline() {
		return this.online && !this.dead && !this.channelLost && !isMute();
	}

	/**
	 * Have a message reach it, after those that were sent before.
	 * @param message the message
	 */
	void send(Message.FromPrimary message) {
		if (this.character.messageMillis() == 0) {
			onMessage(message);
			return;
		}
		this.arrival = Math.max(this.arrival, this.cluster.now() + this.random.nextInt(this.character.messageMillis()));
		this.cluster.later(this.arrival - this.cluster.now(), () -> {
			if (!this.dead) {
				onMessage(message);
			}
		});
	}

	private void onMessage(Message.FromPrimary message) {
		if (this.frozen) {
			if (message instanceof Message.ThreadDumpRequest && this.random.nextBoolean()) {
				later(1000, () -> say(new Message.ThreadDump("stuck")));
			}
			this.unread.add(message);
			return;
		}
		if (!this.character.old() && !(message instanceof Leading.Resign && has(Fault.IGNORES_DRAIN))) {
			this.leader.hear(message);
		}
		if (message instanceof Message.OpenGate) {
			this.permitted = true;
		}
		if (message instanceof Message.FailOpen open) {
			this.failOpen = open.open();
		}
		if (message instanceof Message.ThreadDumpRequest && !this.character.old()) {
			later(3000, () -> say(new Message.ThreadDump("stuck")));
		}
		if (message instanceof Message.Adopt adopt) {
			adopt(adopt.slot());
		}
		if (message instanceof Message.Release release && this.adopted.remove(release.slot()) && release.last()) {
			later(500, () -> say(new Message.Released(release.slot())));
		}
		if (message instanceof Message.Drain && !this.channelLost && !has(Fault.IGNORES_DRAIN)) {
			this.gateEnded = true;
			this.leader.resign();
			later(100, () -> say(new Message.GateClosed()));
			later(150, () -> say(new Message.Drained(this.random.nextInt(3))));
			if (!has(Fault.NEVER_CLOSES)) {
				later(200 + this.random.nextInt(2000), () -> die(SimulatedEnd.of(0)));
			}
		}
	}

	private void adopt(int slot) {
		if (this.random.nextInt(50) == 0
				&& this.cluster.happens(Kind.SOCKET, "of slot " + slot + " adopted by worker " + this.id)) {
			later(500, () -> say(new Message.SocketFailed(slot, "too many open files")));
		}
		else {
			this.adopted.add(slot);
		}
	}

	void onTerminate() {
		if (!has(Fault.IGNORES_TERMINATION) && !this.frozen) {
			later(100, () -> die(SimulatedEnd.TERMINATED));
		}
	}

	void onKill() {
		if (this.started && !has(Fault.NEVER_DIES)) {
			later(has(Fault.DIES_SLOWLY) ? SLOW_DEATH_MILLIS : 50, () -> die(SimulatedEnd.KILLED));
		}
		this.killed = true;
	}

	void onAbandon() {
		this.dead = true;
		this.causes.add(SimulatedEnd.KILLED.cause(this.ready));
		// The primary hears of it when it has done the rest
		this.cluster.later(1, () -> exited(SimulatedEnd.KILLED, List.of()));
	}

	/**
	 * Return whether nobody will hear of its end.
	 * @return whether it must be given up
	 */
	boolean isLost() {
		return this.dead && has(Fault.DIES_UNHEARD) || this.killed && has(Fault.NEVER_DIES);
	}

	void onCalm() {
		if (this.refusing && this.ready) {
			readiness(true);
		}
	}

	void say(Message.FromWorker message) {
		if (isMute() && !(message instanceof Message.ThreadDump)) {
			this.unsaid.add(message);
		}
		else if (!this.channelLost) {
			this.cluster.deliver(new PrimaryEvent.MessageReceived(this.id, message));
		}
	}

	private void fork() {
		if (has(Fault.FORK_FAILS)) {
			this.dead = true;
			this.causes.add(IncidentCause.START_FAILURE);
			exited(SimulatedEnd.of(1), List.of());
			return;
		}
		this.started = true;
		this.cluster.deliver(new PrimaryEvent.WorkerForked(this.id, 1000 + this.id));
		if (this.killed && !has(Fault.NEVER_DIES)) {
			later(50, () -> die(SimulatedEnd.KILLED));
		}
		later(this.stepMillis, this::connect);
	}

	private void connect() {
		if (has(Fault.DIES_BEFORE_ONLINE)) {
			fail(1);
			return;
		}
		this.online = true;
		say(new Message.Hello(has(Fault.OLD_PROTOCOL) ? 0 : Message.Hello.PROTOCOL));
		say(new Message.Configuration(this.character.configuration().properties()));
		if (this.id % 2 == 0) {
			say(new Message.Listens());
		}
		if (has(Fault.REPORTS_AT_START)) {
			report();
		}
		if (has(Fault.STARTS_SLOWLY)) {
			makeBeans(1, 5 + this.random.nextInt(25));
		}
		else {
			later(this.stepMillis, this::listen);
		}
	}

	private void makeBeans(int made, int all) {
		this.cluster.later(BEAT_MILLIS, () -> {
			if (!this.dead) {
				say(Beats.of(made, Duration.ZERO));
				if (made < all) {
					makeBeans(made + 1, all);
				}
				else {
					listen();
				}
			}
		});
	}

	private void listen() {
		if (has(Fault.DIES_BEFORE_READY)) {
			fail(3);
		}
		else if (has(Fault.HANGS)) {
			this.causes.add(IncidentCause.START_FAILURE);
			nag();
		}
		else if (has(Fault.LEAVES_BEFORE_READY)) {
			this.causes.add(IncidentCause.START_FAILURE);
			say(new Message.Leaving("SIGTERM"));
			later(2000, () -> die(SimulatedEnd.TERMINATED));
		}
		else {
			say(new Message.Listening(8080, 0));
			if (has(Fault.NEVER_READY)) {
				this.causes.add(IncidentCause.START_FAILURE);
			}
			else if (has(Fault.CALLS_ITSELF)) {
				this.causes.add(IncidentCause.START_FAILURE);
				call();
			}
			else {
				later(this.stepMillis, () -> readiness(true));
			}
		}
	}

	// Whoever answers
	private void call() {
		later(this.stepMillis, () -> {
			if (this.cluster.isAnyGateOpen()) {
				readiness(true);
			}
			else {
				call();
			}
		});
	}

	/**
	 * Return whether it accepts connections.
	 * @return whether its gate is open
	 */
	boolean isGateOpen() {
		return (this.failOpen || this.permitted && this.ready && !this.refusing) && !this.gateEnded && !this.dead
				&& !this.frozen;
	}

	private void readiness(boolean wanted) {
		// One whose gate has come to its end never accepts again
		boolean accepting = wanted && (!this.gateEnded || this.character.old());
		boolean first = !this.ready;
		if (!accepting) {
			// one that has not served yet must be ready again in time
			this.causes.add(IncidentCause.START_FAILURE);
		}
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
		say(this.work.next(this.cluster.isCalm()));
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
		for (Fault fault : this.character.faults()) {
			switch (fault) {
				case DIES_AFTER_READY -> later(3000, () -> fail(1));
				case FLAPS -> {
					later(3000, () -> readiness(this.cluster.isCalm()));
					later(3000, () -> readiness(this.random.nextBoolean() || this.cluster.isCalm()));
				}
				case LEAVES -> later(5000, () -> say(new Message.Leaving("SIGTERM")));
				case REPORTS_WHEN_READY -> later(1500, this::report);
				case BREAKS -> later(3000, () -> breakDown(this.random.nextBoolean()));
				case STALLS -> later(3000, this::stall);
				case FREEZES -> later(3000, this::freeze);
				case LOSES_CHANNEL -> later(5000, this::loseChannel);
				default -> {
					// it serves
				}
			}
		}
	}

	// Only numbers differ
	private void report() {
		this.causes.add(IncidentCause.UNCAUGHT);
		say(new Message.Unhealthy(IncidentCause.UNCAUGHT,
				"Thread \"optional-%d\" ended with an error".formatted(this.id), "stuck"));
	}

	private void breakDown(boolean says) {
		this.causes.add((says) ? IncidentCause.BROKEN : IncidentCause.DEADLOCK);
		say((says) ? new Message.Liveness(false)
				: new Message.Unhealthy(IncidentCause.DEADLOCK, "threads wait for each other", "stuck"));
	}

	private void stall() {
		this.causes.addAll(Set.of(IncidentCause.STALL, IncidentCause.START_FAILURE));
		this.gateEnded = true;
		say(new Message.Readiness(false));
		say(new Message.Unhealthy(IncidentCause.STALL, "no request was finished", "stuck"));
	}

	private void freeze() {
		this.frozen = true;
		this.causes.add(IncidentCause.HANG);
		if (this.random.nextInt(3) == 0) {
			later(20_000, this::thaw);
		}
		else if (!this.character.old() && this.random.nextInt(3) == 0) {
			// when it is already taken to hang
			this.cluster.later(this.character.hangTimeout().toMillis() + delay(2500), () -> {
				if (!this.dead && this.frozen) {
					thaw();
				}
			});
		}
	}

	private void thaw() {
		this.frozen = false;
		// before what it says has the primary send more
		this.unread.forEach(this::onMessage);
		this.unsaid.forEach(this::say);
		this.leader.look();
	}

	private void loseChannel() {
		if (!this.channelLost) {
			this.channelLost = true;
			this.leader.resign();
			this.causes.addAll(Set.of(IncidentCause.EXIT_CODE, IncidentCause.SIGNAL));
			this.cluster.deliver(new PrimaryEvent.ChannelEnded(this.id, "full"));
			if (!has(Fault.IGNORES_DRAIN)) {
				later(2000, () -> die(SimulatedEnd.of(0)));
			}
		}
	}

	// Nobody told it to
	private void fail(int code) {
		die((this.character.old()) ? SimulatedEnd.of(code) : SimulatedEnd.any(this.random, code));
	}

	private void die(SimulatedEnd end) {
		this.dead = true;
		this.causes.add(end.cause(this.ready));
		if ((this.random.nextBoolean() || has(Fault.DIES_UNHEARD)) && !this.channelLost) {
			this.channelLost = true;
			this.cluster.later(delay(3), () -> this.cluster.deliver(new PrimaryEvent.ChannelEnded(this.id, "end")));
		}
		int delay = delay(10);
		if (!has(Fault.DIES_UNHEARD)) {
			this.cluster.later(delay, () -> exited(end, OUTPUT));
		}
	}

	private void exited(SimulatedEnd end, List<String> output) {
		this.cluster.exited(
				new PrimaryEvent.WorkerExited(this.id, end.code(), "exit code " + end.code(), output, end.evidence()));
	}

	/**
	 * Return whether it does nothing and says nothing.
	 * @return whether it hangs
	 */
	boolean isMute() {
		return this.frozen && !this.character.old();
	}

	boolean isDead() {
		return this.dead;
	}

	/**
	 * Return whether it takes it that nobody else leads.
	 * @return whether it leads, or has not given that back
	 */
	boolean isHolder() {
		return !this.dead && this.leader.isHolder();
	}

	boolean isLeader() {
		return !this.dead && this.leader.isLeader();
	}

	private boolean has(Fault fault) {
		return this.character.has(fault);
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
