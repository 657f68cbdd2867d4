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
import io.clusterboot.event.ReloadStarted;
import io.clusterboot.supervisor.settings.ClusterConfiguration;
import io.clusterboot.supervisor.table.LifeCycle;
import io.clusterboot.supervisor.table.Slot;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Brings every slot to the generation that should be live. A reload is one way there; the
 * way back after a failed one is the same.
 */
final class Reloads {

	private final Workers workers;

	private final LifeCycle life;

	private final Scaling scaling;

	private final Rollout rollout;

	private final Generations generations;

	private final CanaryStage canaryStage;

	private final ReloadQueue queue;

	// What a new generation's is compared with
	private ClusterConfiguration configuration;

	Reloads(Workers workers, LifeCycle life, Rollout rollout, Scaling scaling, Generations generations,
			ReloadQueue queue, ClusterConfiguration configuration) {
		this.workers = workers;
		this.life = life;
		this.scaling = scaling;
		this.rollout = rollout;
		this.canaryStage = new CanaryStage(workers, this.rollout);
		this.generations = generations;
		this.queue = queue;
		this.configuration = configuration;
	}

	boolean isRunning() {
		return running() != null;
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
			this.configuration = this.configuration.fixedBy(view);
		}
		Reload reload = forward(worker);
		if (reload == null || reload.configuration() != null) {
			return;
		}
		String refusal = this.configuration.refusal(view);
		if (refusal != null) {
			fail(reload, worker, refusal);
		}
		else {
			ClusterConfiguration changed = this.configuration.changedBy(view);
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
				slot.index(), (slot.current() != null) ? slot.current().generation() : this.generations.live(),
				worker.id(), how);
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
	 * Return where to note what clients may have lost.
	 * @return the losses of the reload that runs, or those that nobody asks for
	 */
	Reload.Losses losses() {
		Reload reload = running();
		return (reload != null) ? reload.losses() : new Reload.Losses();
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
			this.queue.end(reload);
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
			this.queue.end(reload);
		}
		reload = (isRunning()) ? running() : begin();
		if (reload == null && !this.scaling.isWanted()) {
			this.rollout.renew(this.generations.live());
		}
		else if (reload == null) {
			this.rollout.bringBack(this.generations.live(), null);
		}
		else {
			if (reload.isGoingForward() && this.generations.has(reload.toGeneration())) {
				goForward(reload);
			}
			if (!reload.isGoingForward() && !reload.isSettled()) {
				goBack(reload);
			}
		}
		this.generations.discard(isRunning());
	}

	private @Nullable Reload begin() {
		Reload reload = this.queue.next();
		if (reload != null) {
			this.rollout.dismiss("reload %d begins".formatted(reload.id()));
			reload.begin(this.generations.live(), this.generations.begin(), this.workers.now());
			this.workers.info("Reload %d started: generation %d to %d, %s", reload.id(), reload.fromGeneration(),
					reload.toGeneration(), reload.strategy().name().toLowerCase(Locale.ROOT));
			this.workers.audience().tell(new ReloadStarted(reload.snapshot()));
			this.workers.act(new PrimaryAction.CountDrops(reload.id()));
			this.generations.take(reload.toGeneration());
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
		this.generations.goLive(reload.toGeneration());
		ClusterConfiguration configuration = reload.configuration();
		if (configuration != null) {
			this.configuration = configuration;
			this.scaling.configure(configuration.settings());
		}
		settle(reload);
	}

	private void goBack(Reload reload) {
		this.rollout.bringBack(this.generations.live(), reload);
		if (this.rollout.isBack(this.generations.live()) && !this.workers.hasLeavers()) {
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
			this.life.retire(canary.worker(), false, reason);
		}
	}

	private void settle(Reload reload) {
		reload.settle();
		this.workers.act(new PrimaryAction.CountDrops(reload.id()));
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

}
