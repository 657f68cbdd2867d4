package io.clusterboot.primary;

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

	/**
	 * Say what clients may have noticed.
	 * @return a phrase for the log, or {@code null} if that is nothing
	 */
	@Nullable String describe() {
		String cut = "%d requests cut off at the end of a drain".formatted(this.cutRequests);
		if (this.before == null || this.after == null || this.before.equals(this.after)) {
			return (this.cutRequests > 0) ? cut : null;
		}
		return "%s; dropped by the kernel at any port: %d connections (%d because of a full queue), %d half open"
			.formatted(cut, this.after.listenDrops() - this.before.listenDrops(),
					this.after.listenOverflows() - this.before.listenOverflows(),
					this.after.requestQueueFull() - this.before.requestQueueFull());
	}

	@Nullable LossSnapshot snapshot() {
		return (this.counts > 0) ? new LossSnapshot(this.before, this.after, this.cutRequests) : null;
	}

}
