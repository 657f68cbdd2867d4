package io.clusterboot.supervisor;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.channel.Requester;
import org.jspecify.annotations.Nullable;

/**
 * The reloads: one that waits, one that runs, and those that ended last.
 */
final class ReloadQueue {

	private static final int REMEMBERED = 20;

	private final Deque<ReloadSnapshot> ended = new ArrayDeque<>();

	private int lastId;

	private @Nullable Reload latest;

	private @Nullable Reload waiting;

	/**
	 * Take a request. All that wait become one reload.
	 * @param requester who asks
	 * @param strategy how to replace the workers
	 * @param generation the last generation so far
	 * @param now when
	 * @return the reload that will answer the request
	 */
	Reload request(Requester requester, ReloadStrategy strategy, int generation, Instant now) {
		if (this.waiting == null) {
			this.waiting = new Reload(++this.lastId, requester, strategy, generation, generation + 1, now);
		}
		else {
			this.waiting.join(requester, strategy);
		}
		return this.waiting;
	}

	boolean isAnyWaiting() {
		return this.waiting != null;
	}

	/**
	 * Let the reload that waits be the one that runs.
	 * @return the reload or {@code null} if none waits
	 */
	@Nullable Reload next() {
		Reload next = this.waiting;
		if (next != null) {
			this.waiting = null;
			this.latest = next;
		}
		return next;
	}

	@Nullable Reload running() {
		return (this.latest != null && this.latest.isRunning()) ? this.latest : null;
	}

	/**
	 * Return the reload that runs or ended last.
	 * @return the reload or {@code null} if there was none yet
	 */
	@Nullable ReloadSnapshot latest() {
		return (this.latest != null) ? this.latest.snapshot() : null;
	}

	void ended(ReloadSnapshot reload) {
		this.ended.add(reload);
		if (this.ended.size() > REMEMBERED) {
			this.ended.remove();
		}
	}

	void forgetWaiting() {
		this.waiting = null;
	}

	/**
	 * Return what is remembered.
	 * @return the reloads in the order of their ids
	 */
	List<ReloadSnapshot> all() {
		List<ReloadSnapshot> reloads = new ArrayList<>(this.ended);
		Stream.of(running(), this.waiting).filter(Objects::nonNull).map(Reload::snapshot).forEach(reloads::add);
		return reloads;
	}

}
