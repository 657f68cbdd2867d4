package io.clusterboot.redis;

import java.time.Duration;

/**
 * What the bus must know.
 *
 * @param name the name of the cluster, which all of its machines have
 * @param machine the name of this machine, which no other has
 * @param prefix what the names of everything on Redis begin with
 * @param patience how long a leader waits in the end for what it has begun
 */
public record BusSettings(String name, String machine, String prefix, Duration patience) {

}
