package io.clusterboot.supervisor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.channel.Requester;
import io.clusterboot.event.ReloadFinished;
import io.clusterboot.supervisor.table.Workers;
import org.jspecify.annotations.Nullable;

/**
 * The reloads: one that waits, one that runs, and those that ended last.
 */
final class ReloadQueue {

	private static final int REMEMBERED = 20;

	private final Workers workers;

	private final Generations generations;

	private final Deque<ReloadSnapshot> ended = new ArrayDeque<>();

	private int lastId;

	private @Nullable Reload latest;

	private @Nullable Reload waiting;

	ReloadQueue(Workers workers, Generations generations) {
		this.workers = workers;
		this.generations = generations;
	}

	/**
	 * Take a request. While a reload runs or the cluster is not up, requests wait, and
	 * all that wait become one reload.
	 * @param requester who asks
	 * @param strategy the strategy, or {@code null} for the configured one
	 * @return the reload that will answer the request
	 */
	ReloadSnapshot request(Requester requester, @Nullable ReloadStrategy strategy) {
		ReloadStrategy wanted = (strategy != null) ? strategy : this.workers.settings().reload().strategy();
		Reload reload = this.waiting;
		boolean again = reload != null;
		if (reload != null) {
			reload.join(requester, wanted);
		}
		else {
			int latest = this.generations.latest();
			reload = new Reload(++this.lastId, requester, wanted, latest, latest + 1, this.workers.now());
			this.waiting = reload;
		}
		this.workers.info("Reload %d requested%s: %s, %s", reload.id(), (again) ? " again" : "", requester,
				lowerCase(wanted));
		return reload.snapshot();
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

	/**
	 * Return the reload that begins when the one that runs has ended, or the cluster is
	 * up.
	 * @return the reload or {@code null} if none waits
	 */
	@Nullable ReloadSnapshot waiting() {
		return (this.waiting != null) ? this.waiting.snapshot() : null;
	}

	void end(Reload reload) {
		reload.end(this.workers.now());
		ReloadSnapshot snapshot = reload.snapshot();
		this.ended.add(snapshot);
		if (this.ended.size() > REMEMBERED) {
			this.ended.remove();
		}
		tell(snapshot, reload.losses().describe());
		this.workers.audience().tell(new ReloadFinished(snapshot));
	}

	private void tell(ReloadSnapshot reload, @Nullable String lost) {
		if (lost != null) {
			this.workers.warn("Reload %d lost something: %s", reload.id(), lost);
		}
		if (reload.reason() == null) {
			this.workers.info("Reload %d succeeded: generation %d is live", reload.id(), this.generations.live());
		}
		else {
			this.workers.warn("Reload %d %s: generation %d is live; reason: %s", reload.id(),
					lowerCase(reload.status()).replace('_', ' '), this.generations.live(), reload.reason());
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

	private static String lowerCase(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT);
	}

}
