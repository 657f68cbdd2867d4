/**
 * What is put into copies of the sample application's jar to break them.
 */
@NullMarked
package io.clusterboot.it.variant;

import org.jspecify.annotations.NullMarked;
