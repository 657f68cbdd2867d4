/**
 * The listening sockets that the primary owns.
 */
@NullMarked
package io.clusterboot.listen;

import org.jspecify.annotations.NullMarked;
