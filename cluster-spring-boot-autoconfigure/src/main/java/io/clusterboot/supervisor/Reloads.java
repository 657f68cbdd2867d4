package io.clusterboot.supervisor;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.clusterboot.DropCounts;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.channel.Requester;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.supervisor.settings.ClusterConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Brings every slot to the generation that should be live. A reload is one way there; the
 * way back after a failed one is the same.
 */
final class Reloads {

	private final Workers workers;

	private final Scaling scaling;

	private final Rollout rollout;

	private final CopiedGenerations copies;

	private final CanaryStage canaryStage;

	private final ReloadQueue queue = new ReloadQueue();

	private int generation = 1;

	private int lastGeneration = 1;

	private int previousGeneration;

	Reloads(Workers workers, Scaling scaling) {
		this.workers = workers;
		this.scaling = scaling;
		this.rollout = new Rollout(workers);
		this.canaryStage = new CanaryStage(workers, this.rollout);
		this.copies = new CopiedGenerations(workers);
	}

	/**
	 * Return the generation that is live, which new workers of a slot get.
	 * @return the generation
	 */
	int generation() {
		return this.generation;
	}

	/**
	 * Return the generation that a reload brings or brought last, live or not.
	 * @return the generation
	 */
	int latestGeneration() {
		return this.lastGeneration;
	}

	/**
	 * Return the generation that was live before the one that is.
	 * @return the generation, 0 if there was none
	 */
	int previousGeneration() {
		return this.previousGeneration;
	}

	CopiedGenerations copies() {
		return this.copies;
	}

	boolean isRunning() {
		return running() != null;
	}

	ReloadQueue queue() {
		return this.queue;
	}

	/**
	 * Return when something is due although nothing happens.
	 * @return the times
	 */
	Stream<@Nullable Instant> deadlines() {
		Reload reload = running();
		if (reload == null || !reload.isGoingForward()) {
			return Stream.empty();
		}
		Canary canary = reload.canary();
		return Stream.of(this.rollout.pausedUntil(), (canary != null) ? canary.until() : null);
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
		String requested = (this.queue.isAnyWaiting()) ? "requested again" : "requested";
		Reload reload = this.queue.request(requester, wanted, this.lastGeneration, this.workers.now());
		this.workers.info("Reload %d %s: %s, %s", reload.id(), requested, requester, lowerCase(wanted));
		return reload.snapshot();
	}

	/**
	 * End the reload that runs and undo what it did.
	 * @param id its id
	 * @param requester who asks
	 * @return the reload or {@code null} if it does not run
	 */
	@Nullable ReloadSnapshot abort(int id, Requester requester) {
		Reload reload = running();
		if (reload == null || reload.id() != id || reload.isSettled()) {
			return null;
		}
		if (reload.isGoingForward()) {
			reload.abort("aborted by " + requester);
			this.workers.warn("Reload %d aborted: generation %d stays; by %s", id, reload.fromGeneration(), requester);
			turnBack(reload, "reload %d aborted".formatted(id));
		}
		return reload.snapshot();
	}

	/**
	 * The code of a generation cannot be had; nothing was done with it yet.
	 * @param generation the generation
	 * @param reason why
	 */
	void copyFailed(int generation, String reason) {
		Reload reload = running();
		if (reload != null && reload.toGeneration() == generation && !reload.isSettled()) {
			reload.undo(reason, null);
			settle(reload);
		}
	}

	/**
	 * A worker tells what its configuration says about the cluster.
	 * @param worker the worker
	 * @param view the configuration
	 */
	void configured(Worker worker, ClusterConfiguration view) {
		if (!this.workers.isUp()) {
			this.workers.compareWith(this.workers.configuration().fixedBy(view));
		}
		Reload reload = forward(worker);
		if (reload == null || reload.configuration() != null) {
			return;
		}
		String refusal = this.workers.configuration().refusal(view);
		if (refusal != null) {
			fail(reload, worker, refusal);
		}
		else {
			ClusterConfiguration changed = this.workers.configuration().changedBy(view);
			reload.configuration(changed);
			if (changed.settings().workers() != this.workers.settings().workers()) {
				this.workers.share(changed.settings().workers());
			}
		}
	}

	/**
	 * A worker that was to get a slot is gone or leaves.
	 * @param worker the worker, which is no longer the slot's next
	 * @param how what happened to it
	 */
	void lostNext(Worker worker, String how) {
		Reload reload = running();
		if (reload != null && reload.isGoingForward()) {
			failBy(reload, worker, how);
			return;
		}
		Slot slot = worker.slot();
		slot.reserved(false);
		slot.notBefore(this.workers.now().plus(slot.backoff().next(this.workers.settings())));
		this.workers.warn("Slot %d keeps generation %d for now: worker %d, which should have replaced it, %s",
				slot.index(), (slot.current() != null) ? slot.current().generation() : this.generation, worker.id(),
				how);
		if (reload != null && !reload.isSettled()) {
			settle(reload);
		}
	}

	/**
	 * A worker that had a slot is gone, leaves or is in no state to keep it.
	 * @param worker the worker
	 * @param how what happened to it
	 */
	void lostCurrent(Worker worker, String how) {
		Reload reload = forward(worker);
		if (reload != null) {
			failBy(reload, worker, how);
		}
	}

	/**
	 * A worker, whatever it was, is gone.
	 * @param worker the worker
	 * @param output the last lines that it printed
	 */
	void exited(Worker worker, List<String> output) {
		Reload reload = running();
		if (reload != null) {
			reload.printed(worker.id(), output);
			if (reload.steps().exited(worker.id(), this.workers.now())) {
				this.rollout.pause(this.workers.settings().reload().pause());
			}
		}
	}

	/**
	 * A worker could not finish its requests.
	 * @param requests how many were cut off
	 */
	void cut(int requests) {
		Reload reload = running();
		if (reload != null) {
			reload.losses().cut(requests);
		}
	}

	/**
	 * A worker that drained was killed before it had come to its end.
	 */
	void killed() {
		Reload reload = running();
		if (reload != null) {
			reload.losses().killed();
		}
	}

	void counted(int id, @Nullable DropCounts drops) {
		Reload reload = running();
		if (reload != null && reload.id() == id) {
			reload.losses().counted(drops);
		}
	}

	/**
	 * End everything that runs or waits, because the cluster ends.
	 */
	void abandon() {
		this.queue.forgetWaiting();
		this.workers.slots().forEach((slot) -> {
			slot.next(null);
			slot.parked(null);
		});
		Reload reload = running();
		if (reload != null) {
			if (!reload.isSettled()) {
				reload.abort("the cluster is stopping");
			}
			end(reload);
		}
	}

	/**
	 * Do what can be done now.
	 */
	void advance() {
		if (!this.workers.isUp()) {
			return;
		}
		Reload reload = running();
		if (reload != null && reload.isSettled() && reload.losses().isCounted()) {
			end(reload);
		}
		reload = (isRunning()) ? running() : begin();
		if (reload == null && !this.scaling.isWanted()) {
			this.rollout.renew(this.generation);
		}
		else if (reload == null) {
			this.rollout.bringBack(this.generation, null);
		}
		else {
			if (reload.isGoingForward() && this.copies.has(reload.toGeneration())) {
				goForward(reload);
			}
			if (!reload.isGoingForward() && !reload.isSettled()) {
				goBack(reload);
			}
		}
		this.copies.discardAllBut(this.generation, (isRunning()) ? this.lastGeneration : this.generation);
	}

	private @Nullable Reload begin() {
		Reload reload = this.queue.next();
		if (reload != null) {
			this.rollout.dismiss("reload %d begins".formatted(reload.id()));
			reload.begin(this.generation, ++this.lastGeneration, this.workers.now());
			this.workers.info("Reload %d started: generation %d to %d, %s", reload.id(), reload.fromGeneration(),
					reload.toGeneration(), lowerCase(reload.strategy()));
			this.workers.actions().add(new PrimaryAction.CountDrops(reload.id()));
			this.copies.take(this.lastGeneration);
		}
		return reload;
	}

	private void goForward(Reload reload) {
		int target = reload.toGeneration();
		List<Slot> missing = this.workers.slots().stream().filter((slot) -> !slot.isOf(target)).toList();
		if (reload.strategy() == ReloadStrategy.PARALLEL) {
			this.rollout.switchTogether(missing, target, reload);
		}
		else {
			roll(reload, missing);
		}
		boolean everywhere = this.workers.slots().stream().allMatch((slot) -> slot.isOf(target));
		if (everywhere && reload.isGoingForward() && !this.workers.hasLeavers()
				&& (reload.canary() == null || reload.isTrusted())) {
			goLive(reload);
		}
	}

	private void roll(Reload reload, List<Slot> missing) {
		String failure = this.canaryStage.advance(reload, missing);
		Canary canary = reload.canary();
		if (failure != null && canary != null) {
			failBy(reload, canary.worker(), failure);
		}
		else if (reload.isTrusted() && !this.rollout.pausedUntil().isAfter(this.workers.now())) {
			this.rollout.roll(missing, reload.toGeneration(), reload);
		}
	}

	private void goLive(Reload reload) {
		this.previousGeneration = this.generation;
		this.generation = reload.toGeneration();
		ClusterConfiguration configuration = reload.configuration();
		if (configuration != null) {
			this.scaling.configure(configuration);
		}
		settle(reload);
	}

	private void goBack(Reload reload) {
		this.rollout.bringBack(this.generation, reload);
		if (this.rollout.isBack(this.generation) && !this.workers.hasLeavers()) {
			settle(reload);
		}
	}

	private void failBy(Reload reload, Worker worker, String how) {
		fail(reload, worker, "worker %d of slot %d %s".formatted(worker.id(), worker.slot().index(), how));
	}

	private void fail(Reload reload, Worker worker, String reason) {
		reload.undo(reason, worker);
		this.workers.warn("Reload %d failed: %s; generation %d stays", reload.id(), reason, reload.fromGeneration());
		turnBack(reload, "reload %d failed".formatted(reload.id()));
	}

	private void turnBack(Reload reload, String reason) {
		this.workers.share(this.workers.slots().size());
		// nothing that they reported keeps those that go back
		this.workers.slots()
			.stream()
			.filter((slot) -> slot.isOf(reload.toGeneration()))
			.forEach((slot) -> slot.notBefore(this.workers.now()));
		this.rollout.dismiss(reason);
		this.rollout.bringBackParked(reload, reason);
		Canary canary = reload.canary();
		if (canary != null && canary.isReplaced()) {
			this.workers.retire(canary.worker(), false, reason);
		}
	}

	private void settle(Reload reload) {
		reload.settle();
		this.workers.actions().add(new PrimaryAction.CountDrops(reload.id()));
	}

	private void end(Reload reload) {
		reload.end(this.workers.now());
		ReloadSnapshot snapshot = reload.snapshot();
		this.queue.ended(snapshot);
		String lost = reload.losses().describe();
		if (lost != null) {
			this.workers.warn("Reload %d lost something: %s", reload.id(), lost);
		}
		if (snapshot.reason() == null) {
			this.workers.info("Reload %d succeeded: generation %d is live", reload.id(), this.generation);
		}
		else {
			this.workers.warn("Reload %d %s: generation %d is live; reason: %s", reload.id(),
					lowerCase(snapshot.status()).replace('_', ' '), this.generation, snapshot.reason());
		}
	}

	/*
	 * The reload that a worker brings its generation forward with.
	 */
	private @Nullable Reload forward(Worker worker) {
		Reload reload = running();
		return (reload != null && reload.isGoingForward() && worker.generation() == reload.toGeneration()) ? reload
				: null;
	}

	private @Nullable Reload running() {
		return this.queue.running();
	}

	private static String lowerCase(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT);
	}

}
