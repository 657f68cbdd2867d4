package io.clusterboot.primary;

import java.util.ArrayList;
import java.util.List;

import io.clusterboot.DropCounts;
import io.clusterboot.LossSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * What may have been lost while a reload ran.
 */
final class Losses {

	private int counts;

	private @Nullable DropCounts before;

	private @Nullable DropCounts after;

	private int cutRequests;

	private int killedWorkers;

	/**
	 * Take what the kernel has dropped: the first time when the reload began, the second
	 * time when it settled.
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
