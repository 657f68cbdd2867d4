package io.clusterboot.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

import io.clusterboot.LeaderSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.contract.LastRuns;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.supervisor.table.LifeCycle;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Has one worker that serves lead, and never two. A worker leads while it has a lease,
 * which it counts from when it asked for it, by a clock of its own. Here it is counted
 * from when that was heard, which is later. So another leads only when the process of the
 * one before is gone, when it has said that it leads no longer, or when it cannot have a
 * lease any more, whatever may have happened to it.
 */
final class Leadership {

	/**
	 * How long a lease lasts.
	 */
	static final Duration LEASE = Duration.ofSeconds(5);

	/**
	 * How long a leader may refuse traffic before somebody else leads.
	 */
	static final Duration PATIENCE = Duration.ofSeconds(5);

	// New code before old, and else who is likely to stay
	private static final Comparator<Worker> FIRST = Comparator.comparingInt(Worker::generation)
		.reversed()
		.thenComparingInt(Worker::id);

	private final Workers workers;

	private long token;

	// The highest that has led
	private int generation;

	private @Nullable Worker leader;

	// Who led and said nothing, and has said nothing since: they may be stopped
	private final Set<Worker> silent = new HashSet<>();

	private final LastRuns runs = new LastRuns();

	// Who has given it up, and leads only where nobody else can
	private @Nullable Worker yielded;

	// When the leader can have no lease any more
	private Instant leased = Instant.EPOCH;

	// Since when the leader does not serve
	private @Nullable Instant absent;

	// When the leader must have resigned and gets no lease any more
	private @Nullable Instant resigns;

	Leadership(Workers workers, long base) {
		this.workers = workers;
		this.token = base;
	}

	/**
	 * A worker was heard.
	 * @param worker the worker
	 */
	void heard(Worker worker) {
		this.silent.remove(worker);
	}

	/**
	 * A worker wants to lead for another while.
	 * @param worker the worker
	 * @param lease what it asks for
	 */
	void asked(Worker worker, Request.Lease lease) {
		boolean granted = leads(worker, lease.token()) && isAhead(this.leased)
				&& (this.resigns == null || isAhead(this.resigns));
		if (granted) {
			this.leased = now().plus(LEASE);
			this.generation = Math.max(worker.generation(), this.generation);
		}
		this.workers.act(new PrimaryAction.Send(worker.id(), new Reply.Lease(lease.id(), granted)));
	}

	/**
	 * A worker leads no longer.
	 * @param worker the worker
	 * @param token the number of its leadership
	 */
	void resigned(Worker worker, long token) {
		if (leads(worker, token)) {
			this.yielded = worker;
			lost(worker, (worker.isEnding()) ? "it ends"
					: (this.resigns != null) ? "it does not serve" : "it has given it up, or had no lease for a while");
		}
	}

	/**
	 * A job has run. Whoever says so may lead no longer: what was said in time is heard
	 * late where the primary was stopped.
	 * @param worker where it has run
	 * @param run what has run
	 */
	void ran(Worker worker, Leading.Ran run) {
		if (this.runs.ran(run.job(), run.time()) && this.leader != null && this.leader != worker) {
			tell(this.leader, run.job(), run.time());
		}
	}

	private void tell(Worker worker, String job, long time) {
		this.workers.act(new PrimaryAction.Send(worker.id(), new Leading.LastRun(job, time)));
	}

	/**
	 * Have somebody lead, and nobody for long who does not serve while another could.
	 */
	void advance() {
		this.silent.removeIf((worker) -> worker.state() == WorkerState.EXITED);
		if (this.leader != null) {
			expire(this.leader);
		}
		Worker next = next();
		if (next != null && this.leader == null) {
			grant(next);
		}
		else if (next != null && this.resigns == null && mustResign(this.leader)) {
			relieve(this.leader);
		}
	}

	private void expire(Worker leader) {
		if (leader.state() == WorkerState.EXITED) {
			lost(leader, "it is gone");
		}
		else if (!isAhead(this.leased)) {
			this.silent.add(leader);
			lost(leader, "it has asked for no lease for " + Workers.seconds(LEASE));
		}
		else if (leader.isServing()) {
			this.absent = null;
		}
		else if (this.absent == null) {
			this.absent = now();
		}
	}

	private boolean mustResign(Worker leader) {
		return this.absent != null
				&& (leader.isEnding() || leader.state() == WorkerState.PARKED || !isAhead(this.absent.plus(PATIENCE)));
	}

	private void relieve(Worker leader) {
		// A worker cuts off in time what has not ended
		this.resigns = now().plus(this.workers.settings().drainTimeout()).plus(LifeCycle.TERMINATION_LIMIT);
		// Who ends does so of its own accord
		if (!leader.isEnding()) {
			this.workers.act(new PrimaryAction.Send(leader.id(), new Leading.Resign(this.token)));
		}
	}

	/**
	 * Return when something is due although nothing happens.
	 * @return the times
	 */
	Stream<Instant> deadlines() {
		if (this.leader == null) {
			return Stream.empty();
		}
		return (this.absent != null) ? Stream.of(this.leased, this.absent.plus(PATIENCE)) : Stream.of(this.leased);
	}

	/**
	 * Return who leads.
	 * @return the leader or {@code null}
	 */
	@Nullable LeaderSnapshot snapshot() {
		return (this.leader != null && this.leader.state() != WorkerState.EXITED)
				? new LeaderSnapshot(this.leader.id(), this.token) : null;
	}

	private @Nullable Worker next() {
		return this.workers.all()
			.stream()
			.filter(this::canLead)
			.min(Comparator.comparing((Worker worker) -> worker == this.yielded).thenComparing(FIRST))
			.orElse(null);
	}

	private boolean canLead(Worker worker) {
		return worker.isServing() && !this.silent.contains(worker);
	}

	private void grant(Worker worker) {
		boolean first = worker.generation() > this.generation;
		this.token++;
		this.leader = worker;
		this.yielded = null;
		this.leased = now().plus(LEASE);
		this.workers.info("%s leads: token %d", worker, this.token);
		this.runs.forEach((job, time) -> tell(worker, job, time));
		this.workers.act(new PrimaryAction.Send(worker.id(),
				new Leading.Grant(this.token, first, LEASE, this.workers.settings().drainTimeout())));
	}

	private void lost(Worker worker, String reason) {
		this.leader = null;
		this.absent = null;
		this.resigns = null;
		this.workers.info("%s leads no longer: token %d, %s", worker, this.token, reason);
	}

	private boolean leads(Worker worker, long token) {
		return worker == this.leader && token == this.token;
	}

	private boolean isAhead(Instant time) {
		return time.isAfter(now());
	}

	private Instant now() {
		return this.workers.now();
	}

}
