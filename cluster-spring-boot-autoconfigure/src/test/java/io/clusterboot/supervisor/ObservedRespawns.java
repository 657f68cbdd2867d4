package io.clusterboot.supervisor;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.supervisor.settings.SupervisorSettings;

/**
 * How long slots wait for their next worker, as {@link SimulationInvariants} sees it: not
 * at all the first time, then longer each time up to a limit; as if it were the first
 * time after a worker that was stable or brought by a replacement; a minute after ten
 * that were never ready.
 */
final class ObservedRespawns {

	private static final Pattern LOST = Pattern.compile("Slot (\\d+) lost worker \\d+, .*; next worker in (\\S+) s");

	private static final Pattern KEPT = Pattern.compile("Slot (\\d+) keeps generation .*");

	private static final int FATAL_DEATHS = 10;

	private static final long FAILED_DELAY = 60_000;

	private static final double JITTER = 0.2;

	private static final int ROUNDING = 51;

	private final Map<Integer, Place> places = new TreeMap<>();

	/**
	 * Check a warning.
	 * @param text the line
	 * @param worker the worker that has just exited, or {@code null}
	 * @param settings the settings
	 * @param now the time
	 */
	void check(String text, ObservedWorker worker, SupervisorSettings settings, long now) {
		if (!text.startsWith("Slot ")) {
			return;
		}
		Matcher lost = LOST.matcher(text);
		Matcher kept = KEPT.matcher(text);
		if (lost.matches()) {
			SimulationInvariants.check(worker != null, "loses who has exited", text);
			Place place = place(Integer.parseInt(lost.group(1)));
			place.lost(worker, settings, now);
			double told = Double.parseDouble(lost.group(2)) * 1000;
			SimulationInvariants.check(told >= place.earliest - now - ROUNDING && told <= place.latest - now + ROUNDING,
					"says when the next worker comes", text);
		}
		else if (kept.matches()) {
			place(Integer.parseInt(kept.group(1))).delay(settings, now);
		}
	}

	void check(PrimaryAction.Fork fork, boolean vacant, boolean reloading, long now) {
		Place place = this.places.get(fork.slot());
		if (place != null) {
			SimulationInvariants.check(!vacant || reloading || now >= place.earliest,
					"gives a slot whose workers die ever more time", fork);
			place.waiting = false;
		}
	}

	/**
	 * The worker that starts for a slot reports what others may have reported before it:
	 * then the slot waits longer.
	 * @param slot the slot
	 * @param settings the settings
	 * @param now the time
	 */
	void reported(int slot, SupervisorSettings settings, long now) {
		Place place = place(slot);
		place.latest = Math.max(place.latest,
				now + Math.max(settings.respawnMaxDelay().toMillis(), settings.respawnFailedDelay().toMillis()));
	}

	void assigned(int slot) {
		place(slot).waiting = false;
	}

	void opened(ObservedWorker worker) {
		Place place = place(worker.slot);
		place.deaths = 0;
		place.waiting = false;
		if (worker.replaces) {
			place.attempts = 0;
		}
	}

	void closed(int slot) {
		this.places.remove(slot);
	}

	void check(Set<Integer> failed, int target, boolean reloading, boolean crowded, long now) {
		Set<Integer> expected = new HashSet<>();
		this.places.forEach((slot, place) -> {
			place.waiting &= slot < target;
			if (reloading) {
				// whoever reloads sees to it, and tries at once
				place.waiting = false;
				place.earliest = 0;
			}
			SimulationInvariants.check(!place.waiting || crowded || now <= place.latest, "respawns in time", slot);
			if (place.deaths >= FATAL_DEATHS && slot < target) {
				expected.add(slot);
			}
		});
		SimulationInvariants.check(failed.equals(expected), "knows the slots that have failed", failed);
	}

	private Place place(int slot) {
		return this.places.computeIfAbsent(slot, (index) -> new Place());
	}

	private static final class Place {

		private int attempts;

		// Of workers in a row that were not ready yet
		private int deaths;

		private long earliest;

		private long latest;

		private boolean waiting;

		private void lost(ObservedWorker worker, SupervisorSettings settings, long now) {
			this.waiting = true;
			this.deaths = (worker.preparedAt != ObservedWorker.NEVER) ? 0 : this.deaths + 1;
			if (this.deaths >= FATAL_DEATHS) {
				delayed(FAILED_DELAY, now);
				return;
			}
			if (worker.preparedAt != ObservedWorker.NEVER
					&& now - worker.preparedAt >= settings.respawnStableAfter().toMillis()) {
				this.attempts = 0;
			}
			delay(settings, now);
		}

		private void delay(SupervisorSettings settings, long now) {
			double delay = (this.attempts > 0)
					? settings.respawnInitialDelay().toMillis() * Math.pow(2, this.attempts - 1) : 0;
			delayed(Math.min(delay, settings.respawnMaxDelay().toMillis()), now);
			this.attempts++;
		}

		private void delayed(double delay, long now) {
			this.earliest = now + (long) (delay * (1 - JITTER));
			this.latest = now + (long) (delay * (1 + JITTER)) + 1;
		}

	}

}
