/**
 * What the primary and its workers print.
 */
@NullMarked
package io.clusterboot.output;

import org.jspecify.annotations.NullMarked;
