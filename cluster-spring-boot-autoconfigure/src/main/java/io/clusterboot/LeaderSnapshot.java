package io.clusterboot;

/**
 * Who leads, as the primary sees it.
 *
 * @param worker the worker's id
 * @param token the number of its leadership, larger than any before
 */
public record LeaderSnapshot(int worker, long token) {

}
