/**
 * The actuator of one worker, reached by way of any.
 */
@NullMarked
package io.clusterboot.actuate.forward;

import org.jspecify.annotations.NullMarked;
