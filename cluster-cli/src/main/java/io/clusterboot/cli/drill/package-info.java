/**
 * A rehearsal of what may happen to a cluster, with the user's own application. It judges
 * what {@link io.clusterboot.cli.drill.Load} and the primary have seen.
 */
@NullMarked
package io.clusterboot.cli.drill;

import org.jspecify.annotations.NullMarked;
