/**
 * Has a new worker answer requests before it serves.
 */
@NullMarked
package io.clusterboot.worker.warmup;

import org.jspecify.annotations.NullMarked;
