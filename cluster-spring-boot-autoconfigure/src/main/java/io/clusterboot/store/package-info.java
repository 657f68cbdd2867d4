/**
 * What an application may keep for all workers, beyond the life of each.
 */
@NullMarked
package io.clusterboot.store;

import org.jspecify.annotations.NullMarked;
