package io.clusterboot.supervisor.shared;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import io.clusterboot.contract.SharedName;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which lock, or one of the permits of a semaphore. A hold that has run out
 * stays until its place is needed.
 */
public final class Locks {

	private static final int MOST = 10_000;

	// Beyond it an instant may be too far away to be one
	private static final Duration LONGEST = Duration.ofDays(36_500);

	private final Map<String, List<Hold>> holds = new HashMap<>();

	private int count;

	/**
	 * Return whether there may be a lock.
	 * @param name its name
	 * @param permits how many may hold it at a time
	 * @param now the time
	 * @return whether that is allowed and there is room for it, or it is not to be had
	 * now anyway
	 */
	public boolean hasRoom(String name, int permits, Instant now) {
		if (!SharedName.isAllowed(name) || permits < 1) {
			return false;
		}
		if (this.count >= MOST) {
			removeOver(now);
		}
		return this.count < MOST || count(name, now) >= permits;
	}

	/**
	 * Get a lock.
	 * @param name its name
	 * @param permits how many may hold it at a time, whatever others say about that
	 * @param holder who wants it
	 * @param atMost how long it is held if nobody unlocks it
	 * @param atLeast how long it is held even if it is unlocked earlier
	 * @param now the time
	 * @return whether fewer held it
	 */
	public boolean lock(String name, int permits, Holder holder, Duration atMost, Duration atLeast, Instant now) {
		if (count(name, now) >= permits) {
			return false;
		}
		this.holds.computeIfAbsent(name, (key) -> new ArrayList<>(1)).add(Hold.of(holder, atMost, atLeast, now));
		this.count++;
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
		return replace(name, holder, now, (hold) -> Hold.of(holder, atMost, atLeast, now));
	}

	/**
	 * Give a lock back.
	 * @param name its name
	 * @param holder who may hold it
	 * @param now the time
	 * @return whether they held it
	 */
	public boolean unlock(String name, Holder holder, Instant now) {
		return replace(name, holder, now, Hold::unlocked);
	}

	/**
	 * Take from a worker what it holds.
	 * @param worker its id
	 */
	void ended(int worker) {
		this.holds.values().forEach((list) -> list.replaceAll((hold) -> (hold.isOf(worker)) ? hold.unlocked() : hold));
	}

	private boolean replace(String name, Holder holder, Instant now, UnaryOperator<Hold> change) {
		List<Hold> list = this.holds.getOrDefault(name, List.of());
		for (int i = 0; i < list.size(); i++) {
			Hold hold = list.get(i);
			if (holder.equals(hold.holder) && !hold.isOver(now)) {
				list.set(i, change.apply(hold));
				return true;
			}
		}
		return false;
	}

	// Those that are over make room for others of the same name
	private int count(String name, Instant now) {
		List<Hold> list = this.holds.get(name);
		if (list == null) {
			return 0;
		}
		this.count -= list.size();
		list.removeIf((hold) -> hold.isOver(now));
		this.count += list.size();
		if (list.isEmpty()) {
			this.holds.remove(name);
		}
		return list.size();
	}

	private void removeOver(Instant now) {
		List.copyOf(this.holds.keySet()).forEach((name) -> count(name, now));
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

		boolean isOver(Instant now) {
			return !this.until.isAfter(now);
		}

		boolean isOf(int worker) {
			return this.holder != null && this.holder.worker() == worker;
		}

		Hold unlocked() {
			return new Hold(null, this.free, this.free);
		}

	}

}
