/**
 * Caches of workers that agree on what is no longer true, and caches that they share.
 */
@NullMarked
package io.clusterboot.cache;

import org.jspecify.annotations.NullMarked;
