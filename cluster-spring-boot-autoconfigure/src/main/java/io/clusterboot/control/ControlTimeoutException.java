package io.clusterboot.control;

import java.io.IOException;

/**
 * Thrown when a primary is there and does not answer.
 */
public final class ControlTimeoutException extends IOException {

	ControlTimeoutException(String message) {
		super(message);
	}

}
