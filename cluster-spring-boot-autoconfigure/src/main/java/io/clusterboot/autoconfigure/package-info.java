/**
 * The beans that a worker has.
 */
@NullMarked
package io.clusterboot.autoconfigure;

import org.jspecify.annotations.NullMarked;
