package io.clusterboot.supervisor;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;

/**
 * Who leads as far as the primary can know, as {@link SimulationInvariants} sees it.
 */
final class ObservedLeadership {

	private static final long LEASE = 5000;

	// How long somebody who does not serve may lead while another could
	private static final long PATIENCE = 5000;

	private static final long NEVER = ObservedWorker.NEVER;

	private final ObservedSettings settings;

	private long token;

	private int generation;

	// 0 for nobody
	private int leader;

	private long leasedUntil;

	private long absentSince = NEVER;

	private long resignsBy = NEVER;

	private boolean told;

	private Request.Lease asked;

	// Who led until nothing was heard, and has said nothing since
	private final Set<Integer> silent = new HashSet<>();

	ObservedLeadership(ObservedSettings settings) {
		this.settings = settings;
	}

	void before(ObservedWorker worker, PrimaryEvent event) {
		if (event instanceof PrimaryEvent.WorkerExited) {
			this.silent.remove(worker.id);
			endIf(this.leader == worker.id);
		}
		else if (event instanceof PrimaryEvent.MessageReceived received) {
			this.silent.remove(worker.id);
			Message.FromWorker message = received.message();
			if (message instanceof Leading.Resigned resigned) {
				endIf(this.leader == worker.id && this.token == resigned.token());
			}
			this.asked = (message instanceof Request.Lease lease) ? lease : null;
		}
	}

	private void endIf(boolean over) {
		if (over) {
			this.leader = 0;
			this.absentSince = NEVER;
			this.resignsBy = NEVER;
			this.told = false;
		}
	}

	void check(PrimaryAction.Send send, ObservedWorker worker, long now) {
		if (send.message() instanceof Leading.Grant grant) {
			lapse(now);
			SimulationInvariants.check(this.leader == 0, "lets nobody lead beside another", send);
			SimulationInvariants.check(worker.isServing() && !this.silent.contains(worker.id),
					"lets lead who serves and was heard", send);
			SimulationInvariants.check(grant.token() > this.token, "never uses a token twice", send);
			SimulationInvariants.check(grant.first() == worker.generation > this.generation,
					"knows who is the first of a generation to lead", send);
			SimulationInvariants.check(grant.lease().equals(Duration.ofMillis(LEASE)), "grants what it promises", send);
			this.token = grant.token();
			this.leader = worker.id;
			this.leasedUntil = now + LEASE;
		}
		else if (send.message() instanceof Leading.Resign resign) {
			SimulationInvariants.check(
					worker.id == this.leader && resign.token() == this.token && !this.told && !worker.isServing(),
					"relieves who does not serve, once", send);
			this.told = true;
		}
		else if (send.message() instanceof Reply.Lease answer) {
			boolean due = worker.id == this.leader && this.asked.token() == this.token && now < this.leasedUntil;
			SimulationInvariants.check(!answer.granted() || due && now < this.resignsBy, "grants leases to the leader",
					send);
			SimulationInvariants.check(answer.granted() || !due || now >= this.resignsBy,
					"grants the leader its leases", send);
			if (answer.granted()) {
				this.generation = Math.max(this.generation, worker.generation);
				this.leasedUntil = now + LEASE;
			}
		}
	}

	private void lapse(long now) {
		if (this.leader != 0 && now >= this.leasedUntil) {
			this.silent.add(this.leader);
			endIf(true);
		}
	}

	void after(Collection<ObservedWorker> workers, long now) {
		lapse(now);
		List<ObservedWorker> candidates = workers.stream()
			.filter((worker) -> worker.isServing() && !this.silent.contains(worker.id))
			.toList();
		SimulationInvariants.check(this.leader != 0 || candidates.isEmpty(), "lets somebody lead", candidates);
		ObservedWorker leader = workers.stream().filter((worker) -> worker.id == this.leader).findAny().orElse(null);
		if (leader == null || leader.isServing()) {
			this.absentSince = NEVER;
		}
		else {
			this.absentSince = Math.min(this.absentSince, now);
			boolean due = leader.isEnding() || leader.parked || now >= this.absentSince + PATIENCE;
			if (due && !candidates.isEmpty() && this.resignsBy == NEVER) {
				SimulationInvariants.check(this.told || leader.isEnding(), "relieves who does not serve", leader);
				this.resignsBy = now + this.settings.now().drainTimeout().toMillis() + ObservedWorker.LIMIT;
			}
		}
	}

}
