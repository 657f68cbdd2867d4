/**
 * The application's metrics as numbers by key, and back; what Prometheus is told.
 */
@NullMarked
package io.clusterboot.metrics;

import org.jspecify.annotations.NullMarked;
