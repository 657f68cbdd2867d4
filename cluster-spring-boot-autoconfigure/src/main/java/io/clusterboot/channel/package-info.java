/**
 * Messages between primary and worker, and both ends of the channel that they travel on.
 */
@NullMarked
package io.clusterboot.channel;

import org.jspecify.annotations.NullMarked;
