package io.clusterboot.supervisor;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.clusterboot.contract.Balance;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.Steering;
import io.clusterboot.supervisor.settings.SupervisorSettings;

/**
 * What the kernel was told about where to send connections, as
 * {@link SimulationInvariants} sees it: to every slot that is served, evenly or by the
 * load, of which a new worker gets little at first.
 */
final class ObservedSteering {

	private static final long PERIOD = 1000;

	private static final double FULL = 1000;

	private static final double SMALLEST_SHARE = 0.05;

	private Steering latest = Steering.NOWHERE;

	private Map<Integer, Integer> weights = Map.of();

	private long weighedAt = Long.MIN_VALUE;

	// When it weighed last is not known after a change of the settings
	private boolean sure = true;

	void check(PrimaryAction.Steer steer) {
		this.latest = steer.steering();
		if (!this.latest.slots().equals(this.weights.keySet())) {
			// even if the event ends with the slots that it began with
			this.weighedAt = Long.MIN_VALUE;
		}
	}

	Set<Integer> slots() {
		return this.latest.slots();
	}

	void check(Collection<ObservedWorker> workers, ObservedSettings settings, long now) {
		List<ObservedWorker> serving = workers.stream().filter((worker) -> worker.isReliable(workers, now)).toList();
		Set<Integer> served = serving.stream().map((worker) -> worker.slot).collect(Collectors.toSet());
		SimulationInvariants.check(served.equals(this.latest.slots()), "steers to who serves",
				List.of(served, "not", this.latest));
		Balance balance = settings.now().balance();
		SimulationInvariants.check(this.latest.bySource() == (balance == Balance.SOURCE_IP),
				"steers by the source where it should", this.latest);
		if (balance != Balance.LEAST_LOADED
				&& (balance == Balance.SOURCE_IP || settings.now().worker().slowStart().isZero())) {
			this.sure = false;
			SimulationInvariants.check(this.latest.weights().values().stream().allMatch((weight) -> weight == 1),
					"steers evenly", this.latest);
		}
		else {
			checkWeights(serving, served, settings, now);
		}
	}

	private void checkWeights(List<ObservedWorker> serving, Set<Integer> served, ObservedSettings settings, long now) {
		boolean changed = !this.weights.keySet().equals(served) || this.weighedAt == Long.MIN_VALUE;
		this.sure = !settings.isChanged() && (this.sure || changed);
		if (changed || now >= this.weighedAt + PERIOD) {
			this.weighedAt = now;
			this.weights = new HashMap<>();
			serving.forEach((worker) -> this.weights.put(worker.slot, weight(worker, settings.now(), now)));
		}
		if (!this.sure) {
			this.weights = this.latest.weights();
		}
		// give or take what rounding does
		SimulationInvariants.check(this.weights.entrySet()
			.stream()
			.allMatch((weight) -> Math.abs(this.latest.weights().get(weight.getKey()) - weight.getValue()) <= 1),
				"gives less to who has or is given more", List.of(this.latest, "not", this.weights));
	}

	private static int weight(ObservedWorker worker, SupervisorSettings settings, long now) {
		long slowStart = settings.worker().slowStart().toMillis();
		double share = (slowStart > 0 && worker.openedAt != ObservedWorker.NEVER)
				? (double) (now - worker.openedAt) / slowStart : 1;
		double warmth = Math.min(1, Math.max(SMALLEST_SHARE, share));
		double load = (settings.balance() == Balance.LEAST_LOADED) ? worker.load : 0;
		return (int) Math.max(1, FULL * warmth / (1 + load));
	}

}
