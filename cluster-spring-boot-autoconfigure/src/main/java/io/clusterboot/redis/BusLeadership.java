package io.clusterboot.redis;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.lead.WorkerLeader;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;

/**
 * Has one worker of all machines lead. The primary of each machine lets one of its
 * workers stand for it, by the same rules by which it would lead there; of those, one is
 * granted a lease by Redis. A worker counts it from when it asks for it, by a clock of
 * its own, and Redis counts it for longer and from later: so it has given up before
 * another can lead.
 */
final class BusLeadership {

	private static final Log logger = LogFactory.getLog(BusLeadership.class);

	/**
	 * How long a worker leads without an answer.
	 */
	static final Duration LEASE = Duration.ofSeconds(5);

	// Clocks may differ in how fast they are
	private static final Duration KEPT = LEASE.plusMillis(1500);

	// For another machine to lead, where this worker has given it up
	private static final long COURTESY = TimeUnit.MILLISECONDS.toNanos(1500);

	private final BusKeys keys;

	private final BusClient client;

	private final Presence presence;

	private final WorkerLeader candidate;

	private final WorkerLeader leader;

	private final Duration patience;

	private final JobTimes jobs;

	private @Nullable Term term;

	// The highest that was seen
	private volatile long token;

	// The last candidacy that saw another machine lead: what is done first was done there
	private long second;

	private long waitsUntil = System.nanoTime();

	BusLeadership(BusKeys keys, BusClient client, Presence presence, WorkerLeader candidate, WorkerLeader leader,
			Duration patience) {
		this.keys = keys;
		this.client = client;
		this.presence = presence;
		this.candidate = candidate;
		this.leader = leader;
		this.patience = patience;
		this.jobs = new JobTimes(keys, client);
	}

	/**
	 * Follow what the primary says, and stand for this machine while it may.
	 */
	void follow() {
		try {
			long known = 0;
			while (true) {
				known = this.candidate.awaitChange(known);
				advance();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Lead if nobody does, and no longer than this worker may stand for its machine.
	 */
	synchronized void advance() {
		long candidacy = this.candidate.token().orElse(0);
		Term term = this.term;
		if (term != null) {
			if (term.candidacy() != candidacy) {
				this.leader.hears(new Leading.Resign(term.token()));
			}
		}
		else if (candidacy != 0 && this.waitsUntil - System.nanoTime() <= 0) {
			try {
				stand(candidacy);
			}
			catch (PrimaryUnavailableException ex) {
				logger.debug("Nobody can be asked who leads", ex);
			}
		}
	}

	private void stand(long candidacy) {
		List<String> answer = ask(0, 0);
		long other = Long.parseLong(answer.get(2));
		if (other != 0 && answer.get(0).equals("no") && isGone(answer.get(1))) {
			answer = ask(0, other);
		}
		this.token = Math.max(this.token, Long.parseLong(answer.get(2)));
		if (answer.get(0).equals("no")) {
			if (other != 0 && machineOf(answer.get(1)) != this.presence.machine()) {
				this.second = candidacy;
			}
			return;
		}
		Runnable end = this.candidate.begin(candidacy);
		if (end == null) {
			resign(this.token);
			return;
		}
		this.term = new Term(this.token, candidacy, end);
		logger.info(LogMessage.format("This worker leads all machines: token %d", this.token));
		tellJobs();
		this.leader.hears(new Leading.Grant(this.token, this.candidate.isFirst() && this.second != candidacy, LEASE,
				this.patience));
	}

	private void tellJobs() {
		try {
			this.jobs.forEach((job, time) -> this.leader.hears(new Leading.LastRun(job, time)));
		}
		catch (PrimaryUnavailableException ex) {
			logger.debug("This worker may run a job too early", ex);
		}
	}

	// A process that is not there any more leads no longer, so nobody need wait
	private boolean isGone(String who) {
		return machineOf(who) == this.presence.machine()
				&& Files.notExists(Path.of("/proc", who.substring(who.lastIndexOf(':') + 1)));
	}

	private static int machineOf(String who) {
		return Integer.parseInt(who.substring(0, who.indexOf(':')));
	}

	private List<String> ask(long token, long gone) {
		String who = this.presence.address() + ":" + ProcessHandle.current().pid();
		return this.client.ask(Script.LEAD, List.of(this.keys.leader(), this.keys.leaderToken()), who, token, KEPT,
				this.token, gone);
	}

	/**
	 * Hear what the leader says to its primary, which Redis is now.
	 * @param message the message
	 */
	void hears(Message message) {
		if (message instanceof Request.Lease lease) {
			boolean granted = ask(lease.token(), 0).get(0).equals("yes");
			this.leader.hears(new Reply.Lease(lease.id(), granted));
		}
		else if (message instanceof Leading.Ran ran) {
			this.jobs.ran(ran.job(), ran.time());
		}
		else if (message instanceof Leading.Resigned resigned) {
			ended(resigned.token());
		}
	}

	/**
	 * Lead no longer, because this worker ends.
	 */
	void end() {
		this.leader.resign(Duration.ZERO);
		Term term = current();
		if (term != null) {
			ended(term.token());
		}
	}

	private synchronized @Nullable Term current() {
		return this.term;
	}

	private synchronized void ended(long token) {
		Term term = this.term;
		if (term == null || term.token() != token) {
			return;
		}
		this.term = null;
		this.waitsUntil = System.nanoTime() + COURTESY;
		logger.info(LogMessage.format("This worker leads all machines no longer: token %d", token));
		term.end().run();
		if (this.candidate.token().orElse(0) == term.candidacy()) {
			this.candidate.giveUp();
		}
		resign(token);
	}

	private void resign(long token) {
		try {
			this.client.ask(Script.RESIGN, List.of(this.keys.leader()), token);
		}
		catch (PrimaryUnavailableException ex) {
			logger.debug("It ends by itself", ex);
		}
	}

	/**
	 * One leadership.
	 *
	 * @param token its number
	 * @param candidacy the token by which this worker stands for its machine
	 * @param end says that it has ended, until when this worker stands for its machine
	 */
	private record Term(long token, long candidacy, Runnable end) {

	}

}
