package io.clusterboot.autoconfigure;

import java.time.Duration;

import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.lead.WorkerLeader;

/**
 * Stands for its machine always, because there is no other worker and no primary.
 */
final class LocalCandidate {

	private static final Duration LEASE = Duration.ofSeconds(5);

	private final WorkerLeader leader = new WorkerLeader(this::hears);

	private final Duration patience;

	private volatile boolean ended;

	private long token;

	LocalCandidate(Duration patience) {
		this.patience = patience;
	}

	WorkerLeader leader() {
		return this.leader;
	}

	void begin() {
		grant(true);
	}

	void end() {
		this.ended = true;
		this.leader.resign(Duration.ZERO);
	}

	private void hears(Message message) {
		if (message instanceof Request.Lease lease) {
			this.leader.hears(new Reply.Lease(lease.id(), true));
		}
		else if (message instanceof Leading.Resigned && !this.ended) {
			grant(false);
		}
	}

	private synchronized void grant(boolean first) {
		this.leader.hears(new Leading.Grant(++this.token, first, LEASE, this.patience));
	}

}
