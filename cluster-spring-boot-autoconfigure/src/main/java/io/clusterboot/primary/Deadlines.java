package io.clusterboot.primary;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import io.clusterboot.IncidentCause;
import io.clusterboot.WorkerState;
import io.clusterboot.channel.Message;
import io.clusterboot.primary.Worker.Patience;
import org.jspecify.annotations.Nullable;

/**
 * Ends the patience with workers whose deadline has passed: for the start, for the next
 * heartbeat, for the drain, and for the death.
 */
final class Deadlines {

	private static final Duration THREAD_DUMP_PATIENCE = Duration.ofSeconds(2);

	private static final Duration LAST_WORDS_PATIENCE = Duration.ofSeconds(1);

	// A process may have a lot of memory to give back
	private static final Duration SECOND_DEATH_PATIENCE = Duration.ofSeconds(30);

	private final Workers workers;

	private final Reloads reloads;

	private final Incidents incidents;

	Deadlines(Workers workers, Reloads reloads, Incidents incidents) {
		this.workers = workers;
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
			this.workers.watch(worker);
		}
		else if (worker.patience() == Patience.HEARTBEAT) {
			this.workers.watch(worker);
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
			Duration processorTime = worker.metrics().cpuTime();
			progress.heard(beans, processorTime, this.workers.now());
			worker.expect(Patience.START, progress.deadline());
			if (progress.isToBeSaid(this.workers.now())) {
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
		if (worker.patience() == Patience.THREAD_DUMP && deadline != null) {
			worker.expect(Patience.LAST_WORDS, deadline);
		}
		else if (worker.patience() == Patience.EXPLANATION && deadline != null) {
			giveUp(worker, deadline.minus(THREAD_DUMP_PATIENCE), threadDump);
		}
	}

	/**
	 * A worker has no request left. What its application does at its end has a time of
	 * its own.
	 * @param worker the worker
	 */
	void drained(Worker worker) {
		if (worker.patience() == Patience.DRAIN) {
			expect(worker, Patience.CLOSE, this.workers.settings().closeTimeout());
		}
	}

	private void expire(Worker worker) {
		switch (worker.patience()) {
			case START -> {
				if (worker.state() == WorkerState.FORKED) {
					giveUp(worker, this.workers.now(), null);
				}
				else {
					this.workers.actions().add(new PrimaryAction.Send(worker.id(), new Message.ThreadDumpRequest()));
					expect(worker, Patience.EXPLANATION, THREAD_DUMP_PATIENCE);
				}
			}
			case EXPLANATION -> giveUp(worker, this.workers.now().minus(THREAD_DUMP_PATIENCE), null);
			case HEARTBEAT -> suspect(worker);
			case THREAD_DUMP -> {
				this.workers.info("%s says nothing, SIGQUIT", worker);
				this.workers.actions().add(new PrimaryAction.Dump(worker.id()));
				expect(worker, Patience.LAST_WORDS, LAST_WORDS_PATIENCE);
			}
			case LAST_WORDS -> this.workers.kill(worker, hung(worker));
			case DRAIN -> {
				this.workers.warn("%s did not drain within %s, SIGTERM", worker,
						Workers.seconds(this.workers.settings().drainTimeout()));
				this.workers.actions().add(new PrimaryAction.Terminate(worker.id()));
				expect(worker, Patience.TERMINATION, Workers.TERMINATION_PATIENCE);
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
				this.workers.actions().add(new PrimaryAction.Kill(worker.id()));
				expect(worker, Patience.SECOND_DEATH, SECOND_DEATH_PATIENCE);
			}
			case SECOND_DEATH -> {
				this.workers.warn("%s does not end, the cluster goes on without it", worker);
				this.workers.actions().add(new PrimaryAction.Abandon(worker.id()));
				worker.clearDeadline();
			}
		}
	}

	private void giveUp(Worker worker, Instant late, @Nullable String threadDump) {
		String detail = LateStart.describe(worker, late, threadDump);
		this.incidents.open(worker, IncidentCause.START_FAILURE, detail, threadDump);
		this.workers.kill(worker, detail);
	}

	private void kill(Worker worker) {
		this.reloads.killed();
		this.workers.actions().add(new PrimaryAction.Kill(worker.id()));
		expect(worker, Patience.DEATH, Workers.TERMINATION_PATIENCE);
	}

	private void suspect(Worker worker) {
		String reason = hung(worker);
		this.workers.warn("%s hangs: %s", worker, reason);
		this.incidents.open(worker, IncidentCause.HANG, reason, null);
		this.workers.actions().add(new PrimaryAction.Send(worker.id(), new Message.ThreadDumpRequest()));
		expect(worker, Patience.THREAD_DUMP, THREAD_DUMP_PATIENCE);
	}

	private String hung(Worker worker) {
		Instant heard = worker.heard();
		return (heard != null) ? "nothing heard for " + Workers.seconds(Duration.between(heard, this.workers.now()))
				: "nothing ever heard";
	}

	private void expect(Worker worker, Patience patience, Duration duration) {
		worker.expect(patience, this.workers.now().plus(duration));
	}

}
