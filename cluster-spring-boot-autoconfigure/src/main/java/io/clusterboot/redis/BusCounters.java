package io.clusterboot.redis;

import java.util.List;
import java.util.function.Supplier;

import io.clusterboot.PrimaryUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisHashCommands;

/**
 * Numbers by name, on Redis.
 */
final class BusCounters {

	private static final int MOST = 10_000;

	private final BusKeys keys;

	private final Supplier<BusClient> client;

	BusCounters(BusKeys keys, Supplier<BusClient> client) {
		this.keys = keys;
		this.client = client;
	}

	/**
	 * Add to a number.
	 * @param name its name
	 * @param delta what to add; 0 makes no new counter
	 * @return the number now
	 */
	long add(String name, long delta) {
		byte[] key = BusKeys.bytes(name);
		Long value = this.client.get().ask((connection) -> add(connection, key, delta));
		if (value == null) {
			throw new PrimaryUnavailableException("There is no room for one more counter", null);
		}
		return value;
	}

	private @Nullable Long add(RedisConnection connection, byte[] name, long delta) {
		RedisHashCommands hashes = connection.hashCommands();
		if (delta == 0) {
			byte[] value = hashes.hGet(this.keys.counters(), name);
			return (value != null) ? Long.parseLong(BusKeys.text(value)) : 0L;
		}
		Long value = increment(connection, name, delta);
		// It may be new
		if (value != null && value == delta && hashes.hLen(this.keys.counters()) > MOST) {
			hashes.hDel(this.keys.counters(), name);
			return null;
		}
		return value;
	}

	// Redis does not wrap around
	private @Nullable Long increment(RedisConnection connection, byte[] name, long delta) {
		try {
			return connection.hashCommands().hIncrBy(this.keys.counters(), name, delta);
		}
		catch (DataAccessException ex) {
			if (!String.valueOf(NestedExceptionUtils.getMostSpecificCause(ex).getMessage()).contains("overflow")) {
				throw ex;
			}
			return swap(connection, name, delta);
		}
	}

	private long swap(RedisConnection connection, byte[] name, long delta) {
		while (true) {
			byte[] old = connection.hashCommands().hGet(this.keys.counters(), name);
			long value = ((old != null) ? Long.parseLong(BusKeys.text(old)) : 0) + delta;
			List<byte[]> swapped = BusClient.run(connection, Script.SWAP, List.of(this.keys.counters()), name,
					(old != null) ? old : "", value);
			if (BusKeys.text(swapped.get(0)).equals("1")) {
				return value;
			}
		}
	}

}
