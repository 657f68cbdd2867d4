/**
 * Sessions of Spring Session that are kept in the store of the cluster.
 */
@NullMarked
package io.clusterboot.session;

import org.jspecify.annotations.NullMarked;
