/**
 * The sample application.
 */
@NullMarked
package io.clusterboot.sample;

import org.jspecify.annotations.NullMarked;
