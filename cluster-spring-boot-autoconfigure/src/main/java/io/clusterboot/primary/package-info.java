/**
 * Executes what the supervisor decides, and tells it what happens.
 */
@NullMarked
package io.clusterboot.primary;

import org.jspecify.annotations.NullMarked;
