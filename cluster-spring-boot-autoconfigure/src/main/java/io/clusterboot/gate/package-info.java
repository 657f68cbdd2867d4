/**
 * What a worker accepts connections through, and what it must know of the server behind.
 */
@NullMarked
package io.clusterboot.gate;

import org.jspecify.annotations.NullMarked;
