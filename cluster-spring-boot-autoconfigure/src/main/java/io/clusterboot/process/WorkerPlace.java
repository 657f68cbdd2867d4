package io.clusterboot.process;

/**
 * Which worker of the cluster a process is going to be.
 *
 * @param id counts up from 1 with every fork and is never used twice
 * @param slot its place in the cluster, from 0
 * @param generation the generation of code and configuration that it runs
 * @param workers how many workers share the machine
 */
public record WorkerPlace(int id, int slot, int generation, int workers) {

}
