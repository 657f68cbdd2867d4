package io.clusterboot.keep;

/**
 * All entries, in the order of their last use.
 */
final class Recency {

	private final Blocks blocks;

	private final int newer;

	private final int older;

	private int newest;

	private int oldest;

	// Where the round of those who look for what has run out has come to
	private int next;

	/**
	 * Create the order.
	 * @param blocks where the entries are
	 * @param fields where in an entry those are that were used after and before it
	 */
	Recency(Blocks blocks, int fields) {
		this.blocks = blocks;
		this.newer = fields;
		this.older = fields + Integer.BYTES;
	}

	int oldest() {
		return this.oldest;
	}

	void add(int entry) {
		link(entry, this.newest);
		link(Blocks.NONE, entry);
	}

	void remove(int entry) {
		int newer = this.blocks.getInt(entry, this.newer);
		if (this.next == entry) {
			this.next = newer;
		}
		link(newer, this.blocks.getInt(entry, this.older));
	}

	/**
	 * Return one entry after the other, from the one that was not used for longest, and
	 * then from there again.
	 * @return the next entry, or none if there is none at all
	 */
	int round() {
		int entry = (this.next != Blocks.NONE) ? this.next : this.oldest;
		this.next = (entry != Blocks.NONE) ? this.blocks.getInt(entry, this.newer) : Blocks.NONE;
		return entry;
	}

	private void link(int newer, int older) {
		if (newer != Blocks.NONE) {
			this.blocks.setInt(newer, this.older, older);
		}
		else {
			this.newest = older;
		}
		if (older != Blocks.NONE) {
			this.blocks.setInt(older, this.newer, newer);
		}
		else {
			this.oldest = newer;
		}
	}

}
