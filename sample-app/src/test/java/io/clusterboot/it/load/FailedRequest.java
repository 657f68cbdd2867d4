package io.clusterboot.it.load;

import java.io.IOException;

/**
 * A request failed for a reason that no system call reports.
 */
final class FailedRequest extends IOException {

	private static final long serialVersionUID = 1L;

	private final Failure kind;

	FailedRequest(Failure kind, String message) {
		super(message);
		this.kind = kind;
	}

	Failure kind() {
		return this.kind;
	}

}
