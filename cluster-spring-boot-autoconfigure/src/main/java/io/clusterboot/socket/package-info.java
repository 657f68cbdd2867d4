/**
 * Listening sockets, the group that shares a port, and the gate that accepts from them.
 */
@NullMarked
package io.clusterboot.socket;

import org.jspecify.annotations.NullMarked;
