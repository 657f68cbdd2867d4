/**
 * What happens in the cluster, as events of Spring that an application may listen to.
 */
@NullMarked
package io.clusterboot.event;

import org.jspecify.annotations.NullMarked;
