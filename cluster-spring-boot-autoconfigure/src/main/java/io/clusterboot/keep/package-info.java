/**
 * Bytes by key in memory off the heap; knows nothing of whose they are.
 */
@NullMarked
package io.clusterboot.keep;

import org.jspecify.annotations.NullMarked;
