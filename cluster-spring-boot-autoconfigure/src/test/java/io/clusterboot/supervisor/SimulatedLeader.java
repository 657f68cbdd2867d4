package io.clusterboot.supervisor;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.lead.Mandate;

/**
 * What a {@link SimulatedWorker} does because it leads: asks for leases, as a real one
 * does, and does some work now and then.
 */
final class SimulatedLeader {

	private static final int WORK_MILLIS = 4000;

	// Soon it wraps around
	private static final long EPOCH = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(20);

	private final SimulatedWorker worker;

	private final SimulatedCluster cluster;

	private final RandomGenerator random;

	private Mandate mandate;

	private boolean working;

	private boolean resigned;

	// Of the next look
	private long looks;

	SimulatedLeader(SimulatedWorker worker, SimulatedCluster cluster, int id) {
		this.worker = worker;
		this.cluster = cluster;
		this.random = new SplittableRandom(id);
	}

	void hear(Message.FromPrimary message) {
		if (message instanceof Leading.Grant grant) {
			this.mandate = new Mandate(grant, nanos());
			this.working = false;
			if (this.resigned) {
				this.mandate.resign(nanos());
			}
		}
		else if (message instanceof Leading.Resign resign && isOf(resign.token())) {
			this.mandate.resign(nanos());
		}
		else if (message instanceof Reply.Lease answer && this.mandate != null) {
			this.mandate.answered(answer, nanos());
			this.cluster.checkLeaders();
			work();
		}
		else {
			return;
		}
		look();
	}

	private boolean isOf(long token) {
		return this.mandate != null && this.mandate.token() == token;
	}

	/**
	 * Lead no more, because the worker ends.
	 */
	void resign() {
		this.resigned = true;
		if (this.mandate != null) {
			this.mandate.resign(nanos());
			look();
		}
	}

	/**
	 * Do what is due.
	 */
	void look() {
		if (this.mandate == null || this.worker.isMute() || this.worker.isDead()) {
			return;
		}
		Mandate looked = this.mandate;
		for (Message.FromWorker message = looked.next(nanos()); message != null; message = looked.next(nanos())) {
			this.worker.say(message);
		}
		if (looked == this.mandate && looked.isOver()) {
			this.mandate = null;
		}
		else if (looked == this.mandate) {
			long look = ++this.looks;
			this.cluster.inBackground(TimeUnit.NANOSECONDS.toMillis(looked.pause(nanos()) - 1) + 1, () -> {
				if (look == this.looks) {
					look();
				}
			});
		}
	}

	private void work() {
		Mandate mandate = this.mandate;
		if (!this.working && this.random.nextBoolean() && mandate.begin(nanos())) {
			this.working = true;
			this.cluster.worked(mandate.token());
			this.cluster.inBackground(this.random.nextInt(WORK_MILLIS), () -> {
				mandate.end();
				this.working &= mandate != this.mandate;
				look();
			});
		}
	}

	/**
	 * Return whether it leads, or will say when it no longer does.
	 * @return whether nobody else may
	 */
	boolean isHolder() {
		return this.mandate != null && this.mandate.isHeld(nanos());
	}

	boolean isLeader() {
		return this.mandate != null && this.mandate.leads(nanos());
	}

	private long nanos() {
		return EPOCH + TimeUnit.MILLISECONDS.toNanos(this.cluster.now());
	}

}
