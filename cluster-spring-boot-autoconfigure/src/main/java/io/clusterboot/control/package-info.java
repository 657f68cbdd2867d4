/**
 * The socket by which operators reach the primary, and how their programs find it.
 */
@NullMarked
package io.clusterboot.control;

import org.jspecify.annotations.NullMarked;
