package io.clusterboot.event;

/**
 * This worker leads no longer. What it does once per cluster may still run.
 *
 * @param token the number of its leadership
 */
public record LeaderRevoked(long token) implements LeaderEvent {

}
