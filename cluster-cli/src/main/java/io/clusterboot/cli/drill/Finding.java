package io.clusterboot.cli.drill;

/**
 * Something because of which the application is not fit to run as a cluster.
 *
 * @param step in which part of the drill it was found
 * @param what what happened
 * @param cause why, as far as that can be known
 * @param change what to do about it
 */
public record Finding(String step, String what, String cause, String change) {

}
