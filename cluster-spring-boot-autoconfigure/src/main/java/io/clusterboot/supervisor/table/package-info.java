/**
 * The slots and workers as they are, and the steps of a worker's life. Decides nothing.
 */
@NullMarked
package io.clusterboot.supervisor.table;

import org.jspecify.annotations.NullMarked;
