package io.clusterboot.command;

import io.clusterboot.contract.WorkerIdentity;

/**
 * Which worker of the cluster a process is going to be.
 *
 * @param id counts up from 1 with every fork and is never used twice
 * @param slot its place in the cluster, from 0, or {@link WorkerIdentity#NO_SLOT} for a
 * spare
 * @param generation the generation of code and configuration that it runs
 * @param workers how many workers share the machine, spares included
 */
public record WorkerPlace(int id, int slot, int generation, int workers) {

	boolean isSpare() {
		return this.slot == WorkerIdentity.NO_SLOT;
	}

}
