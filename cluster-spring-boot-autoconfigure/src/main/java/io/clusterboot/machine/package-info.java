/**
 * What the kernel tells in files: memory, control groups, ports, dropped connections.
 */
@NullMarked
package io.clusterboot.machine;

import org.jspecify.annotations.NullMarked;
