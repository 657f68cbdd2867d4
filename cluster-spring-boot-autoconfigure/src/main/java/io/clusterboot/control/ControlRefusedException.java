package io.clusterboot.control;

import java.io.IOException;

/**
 * Thrown when a primary will not do what it is asked, with its reason.
 */
public final class ControlRefusedException extends IOException {

	ControlRefusedException(String message) {
		super(message);
	}

}
