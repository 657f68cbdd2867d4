package io.clusterboot;

import org.jspecify.annotations.Nullable;

/**
 * A message did not reach everybody that it was for, or was not answered.
 */
public class MessageException extends ClusterException {

	public MessageException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
