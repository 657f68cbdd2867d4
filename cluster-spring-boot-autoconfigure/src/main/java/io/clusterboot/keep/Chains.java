package io.clusterboot.keep;

/**
 * An index: entries in chains, by a hash of what is looked for. The chains grow in number
 * as the memory does, one segment after the other (linear hashing), so none is ever
 * rehashed as a whole.
 */
final class Chains {

	// The lower bits choose the segment
	private static final int SEGMENT_BITS = 10;

	private final Blocks blocks;

	private final int index;

	private final int hash;

	private final int previous;

	private final int next;

	/**
	 * Create the index.
	 * @param blocks where the entries are
	 * @param index which of the buckets of a segment are its own
	 * @param fields where in an entry its hash is, followed by the entries before and
	 * after it in its chain
	 */
	Chains(Blocks blocks, int index, int fields) {
		this.blocks = blocks;
		this.index = index;
		this.hash = fields;
		this.previous = fields + Integer.BYTES;
		this.next = fields + 2 * Integer.BYTES;
	}

	int hash(int entry) {
		return this.blocks.getInt(entry, this.hash);
	}

	/**
	 * Return the first entry of a chain.
	 * @param hash the hash of what is looked for
	 * @return the entry that was added last of those with this hash, and some others
	 */
	int first(int hash) {
		return (this.blocks.segments() > 0) ? this.blocks.getBucket(this.index, segment(hash), bucket(hash))
				: Blocks.NONE;
	}

	int next(int entry) {
		return this.blocks.getInt(entry, this.next);
	}

	/**
	 * Add an entry, as the first of its chain.
	 * @param entry the entry
	 * @param hash its hash
	 */
	void add(int entry, int hash) {
		int segment = segment(hash);
		int first = this.blocks.getBucket(this.index, segment, bucket(hash));
		this.blocks.setInt(entry, this.hash, hash);
		link(segment, bucket(hash), Blocks.NONE, entry);
		link(segment, bucket(hash), entry, first);
	}

	void remove(int entry) {
		int hash = hash(entry);
		link(segment(hash), bucket(hash), this.blocks.getInt(entry, this.previous), next(entry));
	}

	/**
	 * Take note that there is another segment, whose chains get their part of those of
	 * another one, in the same order.
	 */
	void grown() {
		int segment = this.blocks.segments() - 1;
		if (segment == 0) {
			return;
		}
		int parent = segment - Integer.highestOneBit(segment);
		for (int bucket = 0; bucket < this.blocks.perSegment(); bucket++) {
			int last = Blocks.NONE;
			int entry = this.blocks.getBucket(this.index, parent, bucket);
			while (entry != Blocks.NONE) {
				int following = next(entry);
				if (segment(hash(entry)) == segment) {
					link(parent, bucket, this.blocks.getInt(entry, this.previous), following);
					link(segment, bucket, last, entry);
					link(segment, bucket, entry, Blocks.NONE);
					last = entry;
				}
				entry = following;
			}
		}
	}

	private void link(int segment, int bucket, int before, int after) {
		if (before != Blocks.NONE) {
			this.blocks.setInt(before, this.next, after);
		}
		else {
			this.blocks.setBucket(this.index, segment, bucket, after);
		}
		if (after != Blocks.NONE) {
			this.blocks.setInt(after, this.previous, before);
		}
	}

	private int segment(int hash) {
		int count = this.blocks.segments();
		if (count == 1) {
			return 0;
		}
		int half = Integer.highestOneBit(count - 1);
		int segment = hash & (2 * half - 1);
		return (segment < count) ? segment : segment - half;
	}

	private int bucket(int hash) {
		return (hash >>> SEGMENT_BITS) % this.blocks.perSegment();
	}

}
