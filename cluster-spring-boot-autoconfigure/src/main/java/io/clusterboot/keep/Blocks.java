package io.clusterboot.keep;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory off the heap in blocks of one size, numbered from 1. It grows by segments and
 * never shrinks. A chain of blocks is a stream of bytes; each segment also brings buckets
 * for two indexes, as many of each as it has blocks.
 */
final class Blocks {

	/**
	 * No block.
	 */
	static final int NONE = 0;

	/**
	 * How long a block is: little is wasted on a number, and a session takes a few.
	 */
	static final int SIZE = 256;

	/**
	 * Where the content of a block begins. Before it is the next block of its chain.
	 */
	static final int CONTENT = Integer.BYTES;

	private static final int CONTENT_LENGTH = SIZE - CONTENT;

	private static final int SEGMENT_SIZE = 1024 * 1024;

	private static final int INDEXES = 2;

	private final ByteBuffer[] segments;

	private final int segmentSize;

	private final int perSegment;

	private int segmentCount;

	private int mostSegments;

	// Those above have never been used
	private volatile int highest;

	private int firstFree;

	private volatile int free;

	/**
	 * Create the blocks, without any memory.
	 * @param maxSize how many bytes of memory there may be
	 */
	Blocks(long maxSize) {
		this.mostSegments = (int) ((maxSize + SEGMENT_SIZE - 1) / SEGMENT_SIZE);
		this.segments = new ByteBuffer[this.mostSegments];
		this.segmentSize = (this.mostSegments > 0) ? (int) (maxSize / this.mostSegments) : 0;
		this.perSegment = this.segmentSize / (SIZE + INDEXES * Integer.BYTES);
	}

	/**
	 * Return how many blocks a stream takes.
	 * @param length its length
	 * @return a number of blocks
	 */
	static int count(int length) {
		return (length + CONTENT_LENGTH - 1) / CONTENT_LENGTH;
	}

	/**
	 * Return how many blocks there can be.
	 * @return the used ones, the free ones and those that there is no memory for yet
	 */
	int most() {
		return this.mostSegments * this.perSegment;
	}

	// In this order it is no less than nothing, whatever others do meanwhile
	int used() {
		int unused = this.free;
		return this.highest - unused;
	}

	/**
	 * Return how many blocks can be taken without more memory.
	 * @return the free ones
	 */
	int ready() {
		return this.segmentCount * this.perSegment - used();
	}

	int segments() {
		return this.segmentCount;
	}

	int perSegment() {
		return this.perSegment;
	}

	/**
	 * Take memory for another segment.
	 * @return whether there may be one more, and is
	 */
	boolean grow() {
		if (this.segmentCount == this.mostSegments) {
			return false;
		}
		try {
			this.segments[this.segmentCount] = ByteBuffer.allocateDirect(this.segmentSize)
				.order(ByteOrder.nativeOrder());
		}
		catch (OutOfMemoryError ex) {
			// To try again would collect garbage each time, and take half a second
			this.mostSegments = this.segmentCount;
			return false;
		}
		this.segmentCount++;
		return true;
	}

	/**
	 * Take blocks, as many as are {@link #ready()} at most.
	 * @param count how many
	 * @return the first of a chain of them
	 */
	int take(int count) {
		int first = NONE;
		for (int i = 0; i < count; i++) {
			int block = this.firstFree;
			if (block != NONE) {
				this.firstFree = next(block);
				this.free--;
			}
			else {
				block = ++this.highest;
			}
			setInt(block, 0, first);
			first = block;
		}
		return first;
	}

	/**
	 * Give blocks back.
	 * @param first the first of a chain of them
	 */
	void giveBack(int first) {
		int last = first;
		this.free++;
		for (int next = next(first); next != NONE; next = next(next)) {
			last = next;
			this.free++;
		}
		setInt(last, 0, this.firstFree);
		this.firstFree = first;
	}

	private int next(int block) {
		return getInt(block, 0);
	}

	int getInt(int block, int offset) {
		return segment(block).getInt(address(block) + offset);
	}

	void setInt(int block, int offset, int value) {
		segment(block).putInt(address(block) + offset, value);
	}

	long getLong(int block, int offset) {
		return segment(block).getLong(address(block) + offset);
	}

	void setLong(int block, int offset, long value) {
		segment(block).putLong(address(block) + offset, value);
	}

	/**
	 * Write into a stream.
	 * @param first its first block
	 * @param position where in it
	 * @param source what to write, of which nothing is consumed
	 */
	void write(int first, int position, ByteBuffer source) {
		int block = skip(first, position);
		int at = position % CONTENT_LENGTH;
		for (int from = source.position(); from < source.limit(); block = next(block)) {
			int length = Math.min(source.limit() - from, CONTENT_LENGTH - at);
			segment(block).put(address(block) + CONTENT + at, source, from, length);
			from += length;
			at = 0;
		}
	}

	/**
	 * Read from a stream.
	 * @param first its first block
	 * @param position where in it
	 * @param target where to put what is read
	 * @param length how many bytes
	 */
	void read(int first, int position, byte[] target, int length) {
		int block = skip(first, position);
		int at = position % CONTENT_LENGTH;
		for (int to = 0; to < length; block = next(block)) {
			int part = Math.min(length - to, CONTENT_LENGTH - at);
			segment(block).get(address(block) + CONTENT + at, target, to, part);
			to += part;
			at = 0;
		}
	}

	private int skip(int first, int position) {
		int block = first;
		for (int i = position / CONTENT_LENGTH; i > 0; i--) {
			block = next(block);
		}
		return block;
	}

	int getBucket(int index, int segment, int bucket) {
		return this.segments[segment].getInt(bucketAddress(index, bucket));
	}

	void setBucket(int index, int segment, int bucket, int block) {
		this.segments[segment].putInt(bucketAddress(index, bucket), block);
	}

	private int bucketAddress(int index, int bucket) {
		return (bucket * INDEXES + index) * Integer.BYTES;
	}

	private ByteBuffer segment(int block) {
		return this.segments[(block - 1) / this.perSegment];
	}

	private int address(int block) {
		return this.perSegment * INDEXES * Integer.BYTES + (block - 1) % this.perSegment * SIZE;
	}

}
