package io.clusterboot.event;

/**
 * The number of workers that there should be has changed.
 *
 * @param from how many there were to be
 * @param to how many there are to be now
 */
public record ClusterScaled(int from, int to) implements ClusterEvent {

}
