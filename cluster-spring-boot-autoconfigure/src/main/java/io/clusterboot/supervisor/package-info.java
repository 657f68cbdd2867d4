/**
 * Decides everything: events in, actions out. No input or output, no clock, no threads.
 */
@NullMarked
package io.clusterboot.supervisor;

import org.jspecify.annotations.NullMarked;
