/**
 * A load generator that the build brings along, and a process of its own. It needs
 * nothing but the JDK.
 */
@NullMarked
package io.clusterboot.it.load;

import org.jspecify.annotations.NullMarked;
