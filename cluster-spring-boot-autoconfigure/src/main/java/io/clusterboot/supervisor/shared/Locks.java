package io.clusterboot.supervisor.shared;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

import io.clusterboot.contract.SharedName;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which lock. One that has run out stays until its place is needed.
 */
public final class Locks {

	private static final int MOST = 10_000;

	// Beyond it an instant may be too far away to be one
	private static final Duration LONGEST = Duration.ofDays(36_500);

	private final Map<String, Hold> holds = new HashMap<>();

	/**
	 * Return whether there may be a lock.
	 * @param name its name
	 * @param now the time
	 * @return whether its name is allowed and there is room for it
	 */
	public boolean hasRoom(String name, Instant now) {
		if (!SharedName.isAllowed(name)) {
			return false;
		}
		if (this.holds.size() >= MOST && !this.holds.containsKey(name)) {
			this.holds.values().removeIf((hold) -> !hold.until.isAfter(now));
		}
		return this.holds.size() < MOST || this.holds.containsKey(name);
	}

	/**
	 * Get a lock.
	 * @param name its name
	 * @param holder who wants it
	 * @param atMost how long it is held if nobody unlocks it
	 * @param atLeast how long it is held even if it is unlocked earlier
	 * @param now the time
	 * @return whether nobody held it
	 */
	public boolean lock(String name, Holder holder, Duration atMost, Duration atLeast, Instant now) {
		Hold hold = this.holds.get(name);
		if (hold != null && hold.until.isAfter(now)) {
			return false;
		}
		this.holds.put(name, Hold.of(holder, atMost, atLeast, now));
		return true;
	}

	/**
	 * Hold a lock for longer, or shorter.
	 * @param name its name
	 * @param holder who may hold it
	 * @param atMost how long it is held from now on if nobody unlocks it
	 * @param atLeast how long it is held from now on even if it is unlocked earlier
	 * @param now the time
	 * @return whether they held it
	 */
	public boolean extend(String name, Holder holder, Duration atMost, Duration atLeast, Instant now) {
		if (held(name, holder, now) == null) {
			return false;
		}
		this.holds.put(name, Hold.of(holder, atMost, atLeast, now));
		return true;
	}

	/**
	 * Give a lock back.
	 * @param name its name
	 * @param holder who may hold it
	 * @param now the time
	 * @return whether they held it
	 */
	public boolean unlock(String name, Holder holder, Instant now) {
		Hold hold = held(name, holder, now);
		if (hold == null) {
			return false;
		}
		this.holds.put(name, hold.unlocked());
		return true;
	}

	/**
	 * Take from a worker what it holds.
	 * @param worker its id
	 */
	void ended(int worker) {
		this.holds.replaceAll((name, hold) -> (hold.isOf(worker)) ? hold.unlocked() : hold);
	}

	private @Nullable Hold held(String name, Holder holder, Instant now) {
		Hold hold = this.holds.get(name);
		return (hold != null && holder.equals(hold.holder) && hold.until.isAfter(now)) ? hold : null;
	}

	/**
	 * Who holds a lock.
	 *
	 * @param worker the worker's id
	 * @param number what tells its locks apart
	 */
	public record Holder(int worker, long number) {

	}

	/**
	 * How a lock is held.
	 *
	 * @param holder who can unlock it, or {@code null} once that is done
	 * @param free when it is free if it is unlocked earlier
	 * @param until when it is free in any case
	 */
	private record Hold(@Nullable Holder holder, Instant free, Instant until) {

		static Hold of(Holder holder, Duration atMost, Duration atLeast, Instant now) {
			return new Hold(holder, after(atLeast, now), after(atMost, now));
		}

		// Workers can say anything
		private static Instant after(Duration duration, Instant now) {
			if (duration.isNegative()) {
				return now;
			}
			return now.plus((duration.compareTo(LONGEST) < 0) ? duration : LONGEST);
		}

		boolean isOf(int worker) {
			return this.holder != null && this.holder.worker() == worker;
		}

		Hold unlocked() {
			return new Hold(null, this.free, this.free);
		}

	}

}
