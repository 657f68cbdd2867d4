/**
 * From the user's command line to that of a worker. Starts nothing.
 */
@NullMarked
package io.clusterboot.command;

import org.jspecify.annotations.NullMarked;
