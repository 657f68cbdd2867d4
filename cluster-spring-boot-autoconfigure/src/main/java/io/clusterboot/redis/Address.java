package io.clusterboot.redis;

import java.util.Locale;

/**
 * A worker on the bus: its machine, which Redis has numbered, and its id there. Workers
 * of the same machine call it by its id alone, others by both in one number, as one dials
 * a telephone.
 *
 * @param machine the number of the machine, from 1
 * @param id the id of the worker
 */
record Address(int machine, int id) {

	// So that both can be read in one number
	private static final int SPAN = 1_000_000;

	static Address parse(String text) {
		int colon = text.indexOf(':');
		return new Address(Integer.parseInt(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
	}

	/**
	 * Return whom a worker means.
	 * @param number how it calls somebody
	 * @param machine the number of its machine
	 * @return the address
	 */
	static Address dialled(int number, int machine) {
		return (number < SPAN) ? new Address(machine, number) : new Address(number / SPAN, number % SPAN);
	}

	/**
	 * Return how a worker calls this one.
	 * @param machine the number of its machine
	 * @return a number
	 */
	int seenFrom(int machine) {
		return (machine == this.machine) ? this.id : this.machine * SPAN + this.id;
	}

	@Override
	public String toString() {
		return String.format(Locale.ROOT, "%d:%d", this.machine, this.id);
	}

}
