/**
 * What all workers share and the primary keeps. Knows nothing of workers but their ids.
 */
@NullMarked
package io.clusterboot.supervisor.shared;

import org.jspecify.annotations.NullMarked;
