package io.clusterboot;

import org.jspecify.annotations.Nullable;

/**
 * What was lost while a reload ran.
 *
 * @param before what the kernel had counted when it began, or {@code null} where that
 * cannot be read
 * @param after what the kernel had counted when it ended, or {@code null} before that
 * @param cutRequests requests that were still in flight when the time to drain was over
 */
public record LossSnapshot(@Nullable DropCounts before, @Nullable DropCounts after, int cutRequests) {

	/**
	 * Return whether a client may have noticed.
	 * @return whether anything was lost
	 */
	public boolean isAny() {
		return this.cutRequests > 0 || (this.before != null && this.after != null && !this.before.equals(this.after));
	}

	/**
	 * Say what was lost.
	 * @return a phrase for the log
	 */
	public String describe() {
		String cut = "%d requests cut off at the end of a drain".formatted(this.cutRequests);
		return (this.before == null || this.after == null) ? cut
				: "%s; dropped by the kernel at any port: %d connections (%d because of a full queue), %d half open"
					.formatted(cut, this.after.listenDrops() - this.before.listenDrops(),
							this.after.listenOverflows() - this.before.listenOverflows(),
							this.after.requestQueueFull() - this.before.requestQueueFull());
	}

}
