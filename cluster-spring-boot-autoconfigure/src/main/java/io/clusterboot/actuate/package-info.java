/**
 * The endpoint.
 */
@NullMarked
package io.clusterboot.actuate;

import org.jspecify.annotations.NullMarked;
