package io.clusterboot.socket;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which slots new connections are sent to.
 *
 * @param weights the slots that accept, with their shares relative to each other, each at
 * least 1
 * @param bySource whether the client's address chooses the slot; the weights then do not
 * matter
 */
public record Steering(Map<Integer, Integer> weights, boolean bySource) {

	/**
	 * To no slot in particular.
	 */
	public static final Steering NOWHERE = evenly(Set.of());

	public Steering {
		weights = Map.copyOf(weights);
	}

	/**
	 * Send the same share to some slots.
	 * @param slots the slots
	 * @return the steering
	 */
	public static Steering evenly(Set<Integer> slots) {
		return new Steering(slots.stream().collect(Collectors.toMap(Function.identity(), (slot) -> 1)), false);
	}

	public Set<Integer> slots() {
		return this.weights.keySet();
	}

	@Override
	public String toString() {
		return (this.bySource) ? "by source to " + new TreeMap<>(this.weights).keySet()
				: "to " + new TreeMap<>(this.weights);
	}

}
