package io.clusterboot.event;

/**
 * This worker leads from now on.
 *
 * @param token the number of its leadership, larger than any before
 */
public record LeaderGranted(long token) implements LeaderEvent {

}
