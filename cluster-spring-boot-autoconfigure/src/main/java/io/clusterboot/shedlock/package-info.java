/**
 * The locks of the cluster for ShedLock.
 */
@NullMarked
package io.clusterboot.shedlock;

import org.jspecify.annotations.NullMarked;
