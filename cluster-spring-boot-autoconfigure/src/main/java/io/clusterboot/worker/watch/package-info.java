/**
 * Looks at the JVM of a worker from the inside.
 */
@NullMarked
package io.clusterboot.worker.watch;

import org.jspecify.annotations.NullMarked;
