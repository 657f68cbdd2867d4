package io.clusterboot.channel;

/**
 * How many bytes may wait to be sent: those who do not read must not fill the memory of
 * this process.
 */
public final class ByteBudget {

	private final long limit;

	private long waiting;

	/**
	 * Create a budget.
	 * @param limit how many bytes may wait
	 */
	public ByteBudget(long limit) {
		this.limit = limit;
	}

	public synchronized boolean take(int bytes) {
		if (this.waiting + bytes > this.limit) {
			return false;
		}
		this.waiting += bytes;
		return true;
	}

	public synchronized void giveBack(int bytes) {
		this.waiting -= bytes;
	}

}
