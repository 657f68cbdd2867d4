/**
 * The worker's end: does what the primary says, and tells it how the application fares.
 */
@NullMarked
package io.clusterboot.worker;

import org.jspecify.annotations.NullMarked;
