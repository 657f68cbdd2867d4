package io.clusterboot.event;

/**
 * Messages for all have not come to this worker, and will not: with
 * {@code cluster.bus=redis} one that is cut off for too long, or too slow, does not hear
 * everything, and Redis may lose what it was told. Comes in the worker that has missed
 * them alone, when it hears the next of the same sender. What was retained is brought
 * anew; what else a worker keeps by messages it may want to read again.
 *
 * @param sender whose messages they are
 * @param count how many
 */
public record MessagesMissed(int sender, long count) {

}
