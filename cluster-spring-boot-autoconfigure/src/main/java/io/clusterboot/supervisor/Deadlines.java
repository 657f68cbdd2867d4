package io.clusterboot.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import io.clusterboot.IncidentCause;
import io.clusterboot.WorkerState;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.supervisor.table.Awaited;
import io.clusterboot.supervisor.table.LifeCycle;
import io.clusterboot.supervisor.table.StartProgress;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Acts on workers whose deadline has passed: for the start, for the next heartbeat, for
 * the drain, and for the death.
 */
final class Deadlines {

	private static final Duration THREAD_DUMP_LIMIT = Duration.ofSeconds(2);

	private static final Duration LAST_WORDS_LIMIT = Duration.ofSeconds(1);

	// A process may have a lot of memory to give back
	private static final Duration SECOND_DEATH_LIMIT = Duration.ofSeconds(30);

	private final Workers workers;

	private final LifeCycle life;

	private final Reloads reloads;

	private final Incidents incidents;

	Deadlines(Workers workers, LifeCycle life, Reloads reloads, Incidents incidents) {
		this.workers = workers;
		this.life = life;
		this.reloads = reloads;
		this.incidents = incidents;
	}

	/**
	 * Do what is due.
	 */
	void expire() {
		for (Worker worker : List.copyOf(this.workers.all())) {
			Instant deadline = worker.deadline();
			if (deadline != null && !deadline.isAfter(this.workers.now())) {
				expire(worker);
			}
		}
	}

	/**
	 * Return when something is due although nothing happens.
	 * @return the times
	 */
	Stream<@Nullable Instant> all() {
		return this.workers.all().stream().map(Worker::deadline);
	}

	/**
	 * A worker was heard.
	 * @param worker the worker
	 */
	void heard(Worker worker) {
		if (worker.isHung()) {
			this.workers.info("%s is heard again: it is not killed", worker);
			this.incidents.withdrawHang(worker);
			this.life.watch(worker);
		}
		else if (worker.awaited() == Awaited.HEARTBEAT) {
			this.life.watch(worker);
		}
	}

	/**
	 * A worker has said how far it is.
	 * @param worker the worker
	 * @param beans how many beans were made
	 */
	void progressed(Worker worker, int beans) {
		StartProgress progress = worker.progress();
		if (progress != null) {
			Duration processorTime = worker.pulse().metrics().cpuTime();
			progress.heard(beans, processorTime, this.workers.now());
			worker.expect(Awaited.START, progress.deadline());
			if (progress.tell(this.workers.now())) {
				this.workers.info("%s still starting: %d beans, %s of processor time", worker, beans,
						Workers.seconds(processorTime));
			}
		}
	}

	/**
	 * A worker has said what its threads do. It may still say more.
	 * @param worker the worker
	 * @param threadDump what they do
	 */
	void dumped(Worker worker, String threadDump) {
		Instant deadline = worker.deadline();
		if (worker.awaited() == Awaited.THREAD_DUMP && deadline != null) {
			worker.expect(Awaited.LAST_WORDS, deadline);
		}
		else if (worker.awaited() == Awaited.EXPLANATION && deadline != null) {
			giveUp(worker, deadline.minus(THREAD_DUMP_LIMIT), threadDump);
		}
	}

	/**
	 * A worker has no request left. What its application does at its end has a time of
	 * its own.
	 * @param worker the worker
	 */
	void drained(Worker worker) {
		if (worker.awaited() == Awaited.DRAIN) {
			expect(worker, Awaited.CLOSE, this.workers.settings().closeTimeout());
		}
	}

	private void expire(Worker worker) {
		switch (worker.awaited()) {
			case START -> {
				if (worker.state() == WorkerState.FORKED) {
					giveUp(worker, this.workers.now(), null);
				}
				else {
					this.workers.act(new PrimaryAction.Send(worker.id(), new Message.ThreadDumpRequest()));
					expect(worker, Awaited.EXPLANATION, THREAD_DUMP_LIMIT);
				}
			}
			case EXPLANATION -> giveUp(worker, this.workers.now().minus(THREAD_DUMP_LIMIT), null);
			case HEARTBEAT -> suspect(worker);
			case THREAD_DUMP -> {
				this.workers.info("%s says nothing, SIGQUIT", worker);
				this.workers.act(new PrimaryAction.Dump(worker.id()));
				expect(worker, Awaited.LAST_WORDS, LAST_WORDS_LIMIT);
			}
			case LAST_WORDS -> this.life.kill(worker, hung(worker));
			case DRAIN -> {
				this.workers.warn("%s did not drain within %s, SIGTERM", worker,
						Workers.seconds(this.workers.settings().drainTimeout()));
				this.workers.act(new PrimaryAction.Terminate(worker.id()));
				expect(worker, Awaited.TERMINATION, LifeCycle.TERMINATION_LIMIT);
			}
			case CLOSE -> {
				this.workers.warn("%s has drained, but its context is not closed after %s, SIGKILL", worker,
						Workers.seconds(this.workers.settings().closeTimeout()));
				kill(worker);
			}
			case TERMINATION -> {
				this.workers.warn("%s did not exit after SIGTERM, SIGKILL", worker);
				kill(worker);
			}
			case DEATH -> {
				this.workers.warn("%s is still there after SIGKILL, again", worker);
				this.workers.act(new PrimaryAction.Kill(worker.id()));
				expect(worker, Awaited.SECOND_DEATH, SECOND_DEATH_LIMIT);
			}
			case SECOND_DEATH -> {
				this.workers.warn("%s does not end, the cluster goes on without it", worker);
				this.workers.act(new PrimaryAction.Abandon(worker.id()));
				worker.expect(Awaited.SECOND_DEATH, null);
			}
		}
	}

	private void giveUp(Worker worker, Instant late, @Nullable String threadDump) {
		String detail = LateStart.describe(worker, late, threadDump);
		this.incidents.open(worker, IncidentCause.START_FAILURE, detail, threadDump);
		this.life.kill(worker, detail);
	}

	private void kill(Worker worker) {
		this.reloads.losses().killed();
		this.life.kill(worker);
	}

	private void suspect(Worker worker) {
		String reason = hung(worker);
		this.workers.warn("%s hangs: %s", worker, reason);
		this.incidents.open(worker, IncidentCause.HANG, reason, null);
		this.workers.act(new PrimaryAction.Send(worker.id(), new Message.ThreadDumpRequest()));
		expect(worker, Awaited.THREAD_DUMP, THREAD_DUMP_LIMIT);
	}

	private String hung(Worker worker) {
		Instant heard = worker.pulse().heard();
		return (heard != null) ? "nothing heard for " + Workers.seconds(Duration.between(heard, this.workers.now()))
				: "nothing ever heard";
	}

	private void expect(Worker worker, Awaited awaited, Duration duration) {
		worker.expect(awaited, this.workers.now().plus(duration));
	}

}
