package io.clusterboot;

import org.jspecify.annotations.Nullable;

/**
 * Base of what can go wrong in a cluster.
 */
public class ClusterException extends RuntimeException {

	public ClusterException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
