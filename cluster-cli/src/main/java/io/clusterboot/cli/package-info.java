/**
 * The command by which operators see and drive clusters of their machine.
 */
@NullMarked
package io.clusterboot.cli;

import org.jspecify.annotations.NullMarked;
