package io.clusterboot.supervisor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.clusterboot.DropCounts;
import io.clusterboot.LossSnapshot;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.channel.Requester;
import io.clusterboot.supervisor.settings.ClusterConfiguration;
import io.clusterboot.supervisor.table.Worker;
import org.jspecify.annotations.Nullable;

/**
 * One reload, from the request to its end. It goes forward or, after a failure, back;
 * then it is settled; and when its losses are counted it ends.
 */
final class Reload {

	// Those of the 20 reloads that are remembered fit into one frame of the channel
	private static final int PRINTED = 50;

	private final int id;

	private Requester requester;

	private ReloadStrategy strategy;

	private int fromGeneration;

	private int toGeneration;

	private Instant started;

	private ReloadStatus status = ReloadStatus.RUNNING;

	private @Nullable String reason;

	// Because of whom it failed
	private @Nullable Integer culprit;

	private List<String> output = List.of();

	private boolean aborted;

	private boolean settled;

	private final ReloadSteps steps = new ReloadSteps();

	private @Nullable ClusterConfiguration configuration;

	// It may be gone before its replacement is ready
	private @Nullable Worker canaryReplaces;

	private @Nullable Canary canary;

	private boolean trusted;

	private final Losses losses = new Losses();

	private @Nullable Instant finished;

	Reload(int id, Requester requester, ReloadStrategy strategy, int fromGeneration, int toGeneration,
			Instant started) {
		this.id = id;
		this.requester = requester;
		this.strategy = strategy;
		this.fromGeneration = fromGeneration;
		this.toGeneration = toGeneration;
		this.started = started;
	}

	int id() {
		return this.id;
	}

	ReloadStrategy strategy() {
		return this.strategy;
	}

	int fromGeneration() {
		return this.fromGeneration;
	}

	int toGeneration() {
		return this.toGeneration;
	}

	/**
	 * Join another request into this one, which waits. The latest wish counts.
	 * @param requester who asks now
	 * @param strategy the strategy asked for now
	 */
	void join(Requester requester, ReloadStrategy strategy) {
		this.requester = requester;
		this.strategy = strategy;
	}

	void begin(int fromGeneration, int toGeneration, Instant now) {
		this.fromGeneration = fromGeneration;
		this.toGeneration = toGeneration;
		this.started = now;
	}

	boolean isRunning() {
		return this.status == ReloadStatus.RUNNING;
	}

	/**
	 * Return whether the new generation is on its way.
	 * @return whether it neither failed nor has come to rest
	 */
	boolean isGoingForward() {
		return this.reason == null && !this.settled;
	}

	/**
	 * Return whether every slot has what it should.
	 * @return whether there is nothing left to do but to count
	 */
	boolean isSettled() {
		return this.settled;
	}

	void settle() {
		this.settled = true;
	}

	/**
	 * Go back from now on. The first reason counts.
	 * @param reason why
	 * @param culprit the worker because of which, or {@code null}
	 */
	void undo(String reason, @Nullable Worker culprit) {
		if (this.reason == null) {
			this.reason = reason;
			this.culprit = (culprit != null) ? culprit.id() : null;
		}
	}

	/**
	 * Go back from now on because somebody wants it.
	 * @param reason who wants it
	 */
	void abort(String reason) {
		this.aborted |= this.reason == null;
		undo(reason, null);
	}

	ReloadSteps steps() {
		return this.steps;
	}

	/**
	 * Keep what a worker printed, if it is to blame.
	 * @param worker the worker's id
	 * @param output its last lines
	 */
	void printed(int worker, List<String> output) {
		if (this.culprit != null && this.culprit == worker) {
			this.output = output.subList(Math.max(0, output.size() - PRINTED), output.size());
		}
	}

	/**
	 * Return the configuration of the new generation.
	 * @return what its first worker has told, or {@code null} if none did yet
	 */
	@Nullable ClusterConfiguration configuration() {
		return this.configuration;
	}

	void configuration(ClusterConfiguration configuration) {
		this.configuration = configuration;
	}

	/**
	 * Return whether the new generation has shown its worth, or need not.
	 * @return whether all slots may have it
	 */
	boolean isTrusted() {
		return this.trusted;
	}

	void trust() {
		this.trusted = true;
	}

	/**
	 * Return whether its first worker has to show its worth.
	 * @return whether that worker's predecessor may be needed again
	 */
	boolean isWatched() {
		return this.strategy == ReloadStrategy.ROLLING && !this.trusted && isGoingForward();
	}

	/**
	 * Return whose place the canary takes.
	 * @return the worker, which need not be there any more, or {@code null}
	 */
	@Nullable Worker canaryReplaces() {
		return this.canaryReplaces;
	}

	void canaryReplaces(@Nullable Worker worker) {
		this.canaryReplaces = worker;
	}

	@Nullable Canary canary() {
		return this.canary;
	}

	void canary(Canary canary) {
		this.canary = canary;
	}

	Losses losses() {
		return this.losses;
	}

	void end(Instant now) {
		this.status = outcome();
		this.finished = now;
	}

	private ReloadStatus outcome() {
		if (this.reason == null) {
			return ReloadStatus.SUCCEEDED;
		}
		if (this.aborted) {
			return ReloadStatus.ABORTED;
		}
		return (this.steps.wasLive(this.toGeneration)) ? ReloadStatus.ROLLED_BACK : ReloadStatus.FAILED;
	}

	ReloadSnapshot snapshot() {
		return new ReloadSnapshot(this.id, this.requester.trigger(), this.requester.who(), this.strategy, this.status,
				this.reason, this.fromGeneration, this.toGeneration, this.started, this.finished, this.steps.all(),
				(this.canary != null) ? this.canary.snapshot() : null, this.losses.snapshot(), this.output);
	}

	/**
	 * What may have been lost while a reload ran.
	 */
	static final class Losses {

		private int counts;

		private @Nullable DropCounts before;

		private @Nullable DropCounts after;

		private int cutRequests;

		private int killedWorkers;

		/**
		 * Take what the kernel has dropped: the first time when the reload began, the
		 * second time when it settled.
		 * @param drops the counts, or {@code null} if they are not known
		 */
		void counted(@Nullable DropCounts drops) {
			if (this.counts++ == 0) {
				this.before = drops;
			}
			else {
				this.after = drops;
			}
		}

		boolean isCounted() {
			return this.counts > 1;
		}

		void cut(int requests) {
			this.cutRequests += requests;
		}

		void killed() {
			this.killedWorkers++;
		}

		/**
		 * Say what clients may have noticed.
		 * @return a phrase for the log, or {@code null} if that is nothing
		 */
		@Nullable String describe() {
			List<String> lost = new ArrayList<>();
			if (this.cutRequests > 0) {
				lost.add("%d requests cut off at the end of a drain".formatted(this.cutRequests));
			}
			if (this.killedWorkers > 0) {
				lost.add("%d workers killed before their application had closed".formatted(this.killedWorkers));
			}
			if (this.before != null && this.after != null && !this.before.equals(this.after)) {
				lost.add("dropped by the kernel at any port: %d connections (%d because of a full queue), %d half open"
					.formatted(this.after.listenDrops() - this.before.listenDrops(),
							this.after.listenOverflows() - this.before.listenOverflows(),
							this.after.requestQueueFull() - this.before.requestQueueFull()));
			}
			return (!lost.isEmpty()) ? String.join("; ", lost) : null;
		}

		@Nullable LossSnapshot snapshot() {
			return (this.counts > 0) ? new LossSnapshot(this.before, this.after, this.cutRequests, this.killedWorkers)
					: null;
		}

	}

}
