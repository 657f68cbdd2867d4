/**
 * What is done in one worker by an endpoint and has to be done in all.
 */
@NullMarked
package io.clusterboot.actuate.spread;

import org.jspecify.annotations.NullMarked;
