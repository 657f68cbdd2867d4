/**
 * The worker's side of the channel: life-cycle reports, drain, questions to the primary.
 */
@NullMarked
package io.clusterboot.worker;

import org.jspecify.annotations.NullMarked;
