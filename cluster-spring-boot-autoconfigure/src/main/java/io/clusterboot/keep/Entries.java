package io.clusterboot.keep;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import io.clusterboot.contract.StoreLimits;
import org.jspecify.annotations.Nullable;

/**
 * What an entry looks like: a stream in blocks, of fields, key, group and value. It is
 * called by the number of its first block.
 */
final class Entries {

	/**
	 * Where the fields of {@link Chains} by the key are in the first block.
	 */
	static final int BY_KEY = Blocks.CONTENT;

	/**
	 * Where the fields of {@link Chains} by the group are.
	 */
	static final int BY_GROUP = BY_KEY + 3 * Integer.BYTES;

	/**
	 * Where the fields of {@link Recency} are.
	 */
	static final int BY_USE = BY_GROUP + 3 * Integer.BYTES;

	private static final int VERSION = BY_USE + 2 * Integer.BYTES;

	private static final int EXPIRES = VERSION + Long.BYTES;

	private static final int KEY_LENGTH = EXPIRES + Long.BYTES;

	private static final int GROUP_LENGTH = KEY_LENGTH + Integer.BYTES;

	private static final int VALUE_LENGTH = GROUP_LENGTH + Integer.BYTES;

	// In the stream, where the other lengths say where the rest is
	private static final int KEY = VALUE_LENGTH + Integer.BYTES - Blocks.CONTENT;

	private static final int NO_GROUP = -1;

	private final Blocks blocks;

	private final byte[] name = new byte[StoreLimits.LONGEST_NAME];

	Entries(Blocks blocks) {
		this.blocks = blocks;
	}

	/**
	 * Return how many blocks an entry takes.
	 * @param key its key
	 * @param group its group, or {@code null}
	 * @param length how long its value is
	 * @return a number of blocks
	 */
	static int count(byte[] key, byte @Nullable [] group, int length) {
		return Blocks.count(KEY + key.length + ((group != null) ? group.length : 0) + length);
	}

	void write(int entry, byte[] key, byte @Nullable [] group, ByteBuffer value, long version) {
		this.blocks.setLong(entry, VERSION, version);
		this.blocks.setInt(entry, KEY_LENGTH, key.length);
		this.blocks.setInt(entry, GROUP_LENGTH, (group != null) ? group.length : NO_GROUP);
		this.blocks.setInt(entry, VALUE_LENGTH, value.remaining());
		this.blocks.write(entry, KEY, ByteBuffer.wrap(key));
		if (group != null) {
			this.blocks.write(entry, KEY + key.length, ByteBuffer.wrap(group));
		}
		this.blocks.write(entry, valuePosition(entry), value);
	}

	long version(int entry) {
		return this.blocks.getLong(entry, VERSION);
	}

	boolean isExpired(int entry, long now) {
		return this.blocks.getLong(entry, EXPIRES) - now <= 0;
	}

	void expire(int entry, long time) {
		this.blocks.setLong(entry, EXPIRES, time);
	}

	boolean hasKey(int entry, byte[] key) {
		return keyLength(entry) == key.length && isAt(KEY, entry, key);
	}

	boolean isGrouped(int entry) {
		return groupLength(entry) != NO_GROUP;
	}

	boolean hasGroup(int entry, byte[] group) {
		return groupLength(entry) == group.length && isAt(KEY + keyLength(entry), entry, group);
	}

	String key(int entry) {
		this.blocks.read(entry, KEY, this.name, keyLength(entry));
		return new String(this.name, 0, keyLength(entry), StandardCharsets.UTF_8);
	}

	byte[] value(int entry) {
		byte[] value = new byte[this.blocks.getInt(entry, VALUE_LENGTH)];
		this.blocks.read(entry, valuePosition(entry), value, value.length);
		return value;
	}

	private boolean isAt(int position, int entry, byte[] bytes) {
		this.blocks.read(entry, position, this.name, bytes.length);
		return Arrays.equals(this.name, 0, bytes.length, bytes, 0, bytes.length);
	}

	private int valuePosition(int entry) {
		return KEY + keyLength(entry) + Math.max(0, groupLength(entry));
	}

	private int keyLength(int entry) {
		return this.blocks.getInt(entry, KEY_LENGTH);
	}

	private int groupLength(int entry) {
		return this.blocks.getInt(entry, GROUP_LENGTH);
	}

}
