package io.clusterboot.supervisor;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * What a seed makes of a simulation: numbers for each aspect of it, independent of those
 * for the others, so that a life without one disturbance is otherwise the same life.
 */
final class SimulationChance {

	private final long seed;

	// All aspects draw from it in turn
	private final RandomGenerator common;

	private SimulationChance(long seed, RandomGenerator common) {
		this.seed = seed;
		this.common = common;
	}

	static SimulationChance of(long seed) {
		return new SimulationChance(seed, null);
	}

	/**
	 * Return what a seed meant before aspects were independent, and before there were
	 * {@link #isOld() some of them}.
	 * @param seed the seed
	 * @return the chance
	 */
	static SimulationChance ofOld(long seed) {
		return new SimulationChance(seed, new SplittableRandom(seed));
	}

	/**
	 * Return whether nothing may happen that could not when the seed was found: late
	 * ticks, a stopped primary, messages that take time, second faults, evidence of ends,
	 * new values of any property but the number of workers and the port.
	 * @return whether the seed has its old meaning
	 */
	boolean isOld() {
		return this.common != null;
	}

	/**
	 * Return the numbers for an aspect.
	 * @param aspect the aspect
	 * @param number which worker, generation or command it is about
	 * @return the numbers
	 */
	RandomGenerator of(Aspect aspect, int number) {
		if (this.common != null) {
			return this.common;
		}
		long mixed = mix(this.seed ^ aspect.ordinal() + 1L, 0xff51afd7ed558ccdL);
		return new SplittableRandom(mix(mixed ^ number, 0xc4ceb9fe1a85ec53L));
	}

	private static long mix(long value, long factor) {
		long product = value * factor;
		return product ^ product >>> 33;
	}

	/**
	 * What depends on chance.
	 */
	enum Aspect {

		PLAN, GENERATION, SCHEDULE, COMMAND, WORKER, SNAPSHOT, SOCKET, TIME, TRAINING

	}

}
