package io.clusterboot.supervisor;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import io.clusterboot.supervisor.Disturbances.Disturbance;

/**
 * Finds the fewest disturbances with which a life still fails, by delta debugging: it
 * leaves out halves, then quarters, and in the end each one.
 */
final class SimulationShrinker {

	private final Predicate<Set<Disturbance>> fails;

	SimulationShrinker(Predicate<Set<Disturbance>> fails) {
		this.fails = fails;
	}

	/**
	 * Shrink a life.
	 * @param disturbances those with which it fails
	 * @return some of them, none of which can be left out
	 */
	Set<Disturbance> shrink(List<Disturbance> disturbances) {
		List<Disturbance> left = disturbances;
		int size = (left.size() + 1) / 2;
		while (size > 0) {
			List<Disturbance> fewer = without(left, size);
			// what could not be left out before may be of no use now
			size = (fewer.size() < left.size()) ? Math.min(size, (fewer.size() + 1) / 2) : size / 2;
			left = fewer;
		}
		return new LinkedHashSet<>(left);
	}

	private List<Disturbance> without(List<Disturbance> disturbances, int size) {
		List<Disturbance> left = disturbances;
		for (int from = 0; from < left.size();) {
			List<Disturbance> fewer = new ArrayList<>(left);
			fewer.subList(from, Math.min(from + size, left.size())).clear();
			if (this.fails.test(Set.copyOf(fewer))) {
				left = fewer;
			}
			else {
				from += size;
			}
		}
		return left;
	}

}
