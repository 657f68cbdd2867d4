package io.clusterboot.actuate.forward;

import java.io.IOException;

/**
 * Why a request is not passed on or not answered.
 */
final class ForwardException extends IOException {

	static final int FORBIDDEN = 403;

	static final int NOT_FOUND = 404;

	static final int BAD_GATEWAY = 502;

	static final int UNAVAILABLE = 503;

	static final int TIMEOUT = 504;

	private final int status;

	ForwardException(int status, String reason) {
		super(reason);
		this.status = status;
	}

	int status() {
		return this.status;
	}

}
