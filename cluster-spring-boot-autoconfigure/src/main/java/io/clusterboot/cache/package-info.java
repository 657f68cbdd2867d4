/**
 * Caches of workers that agree on what is no longer true.
 */
@NullMarked
package io.clusterboot.cache;

import org.jspecify.annotations.NullMarked;
