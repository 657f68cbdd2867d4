/**
 * The vocabulary that every part of the cluster shares.
 */
@NullMarked
package io.clusterboot;

import org.jspecify.annotations.NullMarked;
