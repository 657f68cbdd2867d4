package io.clusterboot.supervisor;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import io.clusterboot.supervisor.settings.SupervisorSettings;
import io.clusterboot.supervisor.table.Slot;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a rolling reload: one worker, watched until it has shown its worth.
 */
final class CanaryStage {

	private final Workers workers;

	private final Rollout rollout;

	CanaryStage(Workers workers, Rollout rollout) {
		this.workers = workers;
		this.rollout = rollout;
	}

	/**
	 * Do what comes before a reload is trusted.
	 * @param reload the reload
	 * @param missing the slots that do not have its generation yet
	 * @return why the canary failed, or {@code null}
	 */
	@Nullable String advance(Reload reload, List<Slot> missing) {
		if (!reload.isTrusted()) {
			Canary canary = reload.canary();
			if (canary != null) {
				return watch(reload, canary);
			}
			if (this.workers.settings().reload().soak().isZero()) {
				reload.trust();
			}
			else {
				begin(reload, missing);
			}
		}
		return null;
	}

	private void begin(Reload reload, List<Slot> missing) {
		Slot first = missing.stream()
			.filter((slot) -> slot.next() != null || slot.isReserved())
			.findFirst()
			.orElseGet(() -> Rollout.urgentFirst(missing).get(0));
		if (first.isOf(reload.fromGeneration())) {
			reload.canaryReplaces(first.current());
		}
		this.rollout.roll(List.of(first), reload.toGeneration(), reload);
		Worker worker = first.current();
		if (worker != null && first.isOf(reload.toGeneration())) {
			SupervisorSettings.Reload settings = this.workers.settings().reload();
			Instant until = this.workers.now().plus(settings.soak());
			reload.canary(
					new Canary(worker, reload.canaryReplaces(), others(reload), until, settings.maxErrorIncrease()));
			this.workers.info("%s soaking: watched for %s before reload %d goes on", worker,
					Workers.seconds(settings.soak()), reload.id());
		}
	}

	private @Nullable String watch(Reload reload, Canary canary) {
		Worker worker = canary.worker();
		String failure = canary.watch(others(reload));
		Slot slot = worker.slot();
		if (slot.current() != worker && worker.isServing()) {
			return "was not heard for too long";
		}
		if (failure == null && !worker.isServing() && slot.isBackedUp()) {
			// how it ends is not known yet, but that it does not serve
			this.rollout.giveBack(slot, reload);
		}
		if (worker.isServing() && failure == null && !canary.until().isAfter(this.workers.now())) {
			this.workers.info("%s soaked: %s", worker, canary);
			reload.trust();
			this.rollout.dismissParked("worker %d is trusted".formatted(worker.id()));
		}
		return failure;
	}

	// One of a generation that was not trusted may be left: its errors excuse nothing
	private List<Worker> others(Reload reload) {
		return this.workers.slots()
			.stream()
			.map(Slot::current)
			.filter(Objects::nonNull)
			.filter((worker) -> worker.generation() == reload.fromGeneration())
			.toList();
	}

}
