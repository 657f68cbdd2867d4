package io.clusterboot.contract;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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

	/**
	 * Return what this means to a group of sockets: indexes that are not there are left
	 * out, and if none remains all are meant.
	 * @param size the number of sockets
	 * @return a steering to one socket at least
	 */
	public Steering within(int size) {
		Map<Integer, Integer> there = new HashMap<>(this.weights);
		there.keySet().retainAll(indexes(size));
		return new Steering((there.isEmpty()) ? evenly(indexes(size)).weights() : there, this.bySource);
	}

	/**
	 * Return whether the kernel's hash over all sockets of a group does the same.
	 * @param size the number of sockets
	 * @return whether all get the same share, whoever the client is
	 */
	public boolean isEven(int size) {
		return !this.bySource && this.weights.keySet().equals(indexes(size))
				&& Set.copyOf(this.weights.values()).size() == 1;
	}

	private static Set<Integer> indexes(int size) {
		return IntStream.range(0, size).boxed().collect(Collectors.toSet());
	}

	@Override
	public String toString() {
		return (this.bySource) ? "by source to " + new TreeMap<>(this.weights).keySet()
				: "to " + new TreeMap<>(this.weights);
	}

}
