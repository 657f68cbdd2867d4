package io.clusterboot.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.clusterboot.contract.NamedLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps locks on Redis, where they last a little longer than the last beat of the worker
 * that holds them: so they end with it.
 */
final class BusLocks implements NamedLock.Keeper {

	private static final Duration LONGEST = Duration.ofDays(36_500);

	private final BusKeys keys;

	private final Supplier<BusClient> client;

	private final Map<Long, Hold> holds = new ConcurrentHashMap<>();

	BusLocks(BusKeys keys, Supplier<BusClient> client) {
		this.keys = keys;
		this.client = client;
	}

	@Override
	public @Nullable Long lock(String name, int permits, Duration atMost, Duration atLeast) {
		long number = hold(name, 0, permits, atMost, atLeast);
		return (number != 0) ? number : null;
	}

	@Override
	public boolean extend(String name, long number, Duration atMost, Duration atLeast) {
		return hold(name, number, 0, atMost, atLeast) != 0;
	}

	private long hold(String name, long number, int permits, Duration atMost, Duration atLeast) {
		long now = System.nanoTime();
		Duration most = limited(atMost);
		Duration least = limited(atLeast);
		Duration first = (most.compareTo(Presence.TTL) < 0) ? most : Presence.TTL;
		long held = Long.parseLong(this.client.get()
			.ask(Script.LOCK, List.of(this.keys.lock(name), this.keys.lastLock()), number,
					(first.compareTo(least) < 0) ? least : first, least, permits)
			.get(0));
		if (held != 0) {
			this.holds.put(held, new Hold(name, now, most));
		}
		else {
			this.holds.remove(number);
		}
		return held;
	}

	static Duration limited(Duration duration) {
		return (duration.compareTo(LONGEST) < 0) ? duration : LONGEST;
	}

	@Override
	public boolean unlock(String name, long number) {
		this.holds.remove(number);
		return this.client.get().ask(Script.UNLOCK, List.of(this.keys.lock(name)), number).get(0).equals("1");
	}

	/**
	 * Say that the worker lives which holds them.
	 */
	void renew() {
		this.holds.forEach((number, hold) -> {
			Duration left = hold.left();
			if (left.isNegative() || this.client.get()
				.ask(Script.RENEW, List.of(this.keys.lock(hold.name())), number,
						(left.compareTo(Presence.TTL) < 0) ? left : Presence.TTL)
				.get(0)
				.equals("0")) {
				this.holds.remove(number, hold);
			}
		});
	}

	/**
	 * Give all of them back.
	 */
	void end() {
		this.holds.forEach((number, hold) -> unlock(hold.name(), number));
	}

	/**
	 * A lock that this worker holds.
	 *
	 * @param name its name
	 * @param since when that began, in nanoseconds
	 * @param atMost for how long
	 */
	private record Hold(String name, long since, Duration atMost) {

		Duration left() {
			return this.atMost.minusNanos(System.nanoTime() - this.since);
		}

	}

}
