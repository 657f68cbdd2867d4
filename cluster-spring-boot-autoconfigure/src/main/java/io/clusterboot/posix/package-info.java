/**
 * System calls through JNA, error numbers and the ownership of descriptors.
 */
@NullMarked
package io.clusterboot.posix;

import org.jspecify.annotations.NullMarked;
