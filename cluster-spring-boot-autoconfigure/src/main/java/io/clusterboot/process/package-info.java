/**
 * Worker command lines, processes and their ends.
 */
@NullMarked
package io.clusterboot.process;

import org.jspecify.annotations.NullMarked;
