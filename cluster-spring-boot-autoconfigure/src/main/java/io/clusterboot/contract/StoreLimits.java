package io.clusterboot.contract;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What may be kept for all workers. It takes memory of the primary, or of Redis.
 */
public final class StoreLimits {

	/**
	 * How many bytes a key or the name of a group may have in UTF-8.
	 */
	public static final int LONGEST_NAME = 500;

	/**
	 * How many bytes a value may have.
	 */
	public static final int LONGEST_VALUE = 1024 * 1024;

	/**
	 * How many bytes all that is kept may take.
	 */
	public static final long LARGEST = 1024 * 1024 * 1024;

	/**
	 * How many keys of a group are told.
	 */
	public static final int MOST_KEYS = 1000;

	/**
	 * In the place of the version that is to be replaced: whatever is there.
	 */
	public static final long ANY_VERSION = -1;

	private StoreLimits() {
	}

	/**
	 * Return a name as bytes.
	 * @param what what it is the name of
	 * @param name the name
	 * @return the name in UTF-8
	 * @throws IllegalArgumentException if it is too long
	 */
	public static byte[] name(String what, String name) {
		byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
		if (bytes.length > LONGEST_NAME) {
			throw new IllegalArgumentException(
					"A %s has at most %d bytes in UTF-8, not %d".formatted(what, LONGEST_NAME, bytes.length));
		}
		return bytes;
	}

	/**
	 * Refuse what may not be kept.
	 * @param key its key
	 * @param length how many bytes it has
	 * @param timeToLive for how long
	 * @param group its group, or {@code null}
	 * @throws IllegalArgumentException if something is too long, or the time is not
	 * positive
	 */
	public static void require(String key, int length, Duration timeToLive, @Nullable String group) {
		name("key", key);
		if (group != null) {
			name("group", group);
		}
		if (length > LONGEST_VALUE) {
			throw new IllegalArgumentException(
					"What is kept has at most %d bytes, not %d".formatted(LONGEST_VALUE, length));
		}
		require(timeToLive);
	}

	/**
	 * Refuse a time for which nothing can be kept.
	 * @param timeToLive the time
	 * @throws IllegalArgumentException if it is not positive
	 */
	public static void require(Duration timeToLive) {
		if (timeToLive.isZero() || timeToLive.isNegative()) {
			throw new IllegalArgumentException("The time to live is more than zero, not " + timeToLive);
		}
	}

}
