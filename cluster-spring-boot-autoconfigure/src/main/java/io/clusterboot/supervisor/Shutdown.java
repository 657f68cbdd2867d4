package io.clusterboot.supervisor;

import java.time.Duration;
import java.time.Instant;

import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.supervisor.table.LifeCycle;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;
import org.jspecify.annotations.Nullable;

/**
 * The end of the cluster: graceful, or at once.
 */
final class Shutdown {

	private static final Duration STOP_PATIENCE = Duration.ofSeconds(1);

	private final Workers workers;

	private final LifeCycle life;

	private final Reloads reloads;

	private boolean begun;

	private int exitCode;

	private @Nullable Instant deadline;

	private boolean refusing;

	private boolean complete;

	Shutdown(Workers workers, LifeCycle life, Reloads reloads) {
		this.workers = workers;
		this.life = life;
		this.reloads = reloads;
	}

	boolean isBegun() {
		return this.begun;
	}

	/**
	 * Return whether the primary was told to exit.
	 * @return whether nothing is left to do
	 */
	boolean isComplete() {
		return this.complete;
	}

	@Nullable Instant deadline() {
		return this.deadline;
	}

	/**
	 * Do not start at all: the first worker ended before it was ready.
	 * @param exitCode the code to exit with
	 */
	void failStart(int exitCode) {
		this.begun = true;
		this.exitCode = exitCode;
	}

	/**
	 * Let every worker drain.
	 * @param reason why
	 * @param exitCode the code to exit with
	 */
	void begin(String reason, int exitCode) {
		if (this.begun) {
			this.workers.info("Already stopping, %s ignored", reason);
			return;
		}
		this.workers.info("Cluster stops gracefully: %s", reason);
		this.begun = true;
		this.exitCode = exitCode;
		this.reloads.abandon();
		if (this.workers.isListening()) {
			this.workers.act(new PrimaryAction.Hold());
		}
		for (Worker worker : this.workers.all()) {
			this.life.retire(worker, true, "the cluster stops");
		}
	}

	/**
	 * Kill every worker.
	 * @param reason why
	 * @param exitCode the code to exit with
	 */
	void force(String reason, int exitCode) {
		this.workers.warn("Cluster stops now: %s", reason);
		this.begun = true;
		this.exitCode = exitCode;
		if (this.deadline == null) {
			this.deadline = this.workers.now().plus(STOP_PATIENCE);
		}
		this.reloads.abandon();
		for (Worker worker : this.workers.all()) {
			this.life.kill(worker, reason);
		}
	}

	/**
	 * Do what can be done now.
	 */
	void advance() {
		boolean refuse = this.workers.all().stream().allMatch((worker) -> worker.isGateClosed() || !worker.canDrain());
		if (refuse && !this.refusing && this.workers.isListening()) {
			this.refusing = true;
			this.workers.act(new PrimaryAction.Refuse());
		}
		boolean late = this.deadline != null && !this.deadline.isAfter(this.workers.now());
		if (this.workers.all().isEmpty() || late) {
			this.complete = true;
			this.workers.info("Cluster primary exits with code %d", this.exitCode);
			this.workers.act(new PrimaryAction.Exit(this.exitCode));
		}
	}

}
