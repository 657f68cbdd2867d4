/**
 * Messages between primary and worker, and both ends of the socketpair.
 */
@NullMarked
package io.clusterboot.channel;

import org.jspecify.annotations.NullMarked;
