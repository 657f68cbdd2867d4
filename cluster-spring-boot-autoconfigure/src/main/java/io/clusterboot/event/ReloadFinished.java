package io.clusterboot.event;

import io.clusterboot.ReloadSnapshot;

/**
 * A reload has ended, in whatever way.
 *
 * @param reload the reload
 */
public record ReloadFinished(ReloadSnapshot reload) implements ClusterEvent {

}
