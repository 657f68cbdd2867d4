/**
 * Tests of the whole: real processes, real sockets, the application as a user starts it.
 */
@NullMarked
package io.clusterboot.it;

import org.jspecify.annotations.NullMarked;
