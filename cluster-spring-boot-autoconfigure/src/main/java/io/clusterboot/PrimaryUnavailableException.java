package io.clusterboot;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the primary does not answer a worker's question, or refuses it; or Redis,
 * where workers share on it.
 */
public final class PrimaryUnavailableException extends ClusterException {

	public PrimaryUnavailableException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
