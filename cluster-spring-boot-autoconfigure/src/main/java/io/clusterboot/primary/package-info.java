/**
 * The lean primary: the state machine and the thin shell around it.
 */
@NullMarked
package io.clusterboot.primary;

import org.jspecify.annotations.NullMarked;
