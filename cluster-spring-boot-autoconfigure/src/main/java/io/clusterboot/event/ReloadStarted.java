package io.clusterboot.event;

import io.clusterboot.ReloadSnapshot;

/**
 * A reload has begun.
 *
 * @param reload the reload
 */
public record ReloadStarted(ReloadSnapshot reload) implements ClusterEvent {

}
