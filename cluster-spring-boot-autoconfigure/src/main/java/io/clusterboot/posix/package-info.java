/**
 * System calls under their C names, error numbers, and the ownership of descriptors.
 */
@NullMarked
package io.clusterboot.posix;

import org.jspecify.annotations.NullMarked;
