package io.clusterboot.contract;

/**
 * How the bus fares that workers of several machines share.
 *
 * @param confirmed whether this worker hears over it what it says to itself
 * @param missed how many messages have not come to this worker
 * @param machine the number of this machine, 0 until it is known
 */
public record BusState(boolean confirmed, long missed, int machine) {

}
