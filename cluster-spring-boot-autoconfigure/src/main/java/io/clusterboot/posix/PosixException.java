package io.clusterboot.posix;

import java.io.IOException;

import com.sun.jna.LastErrorException;

/**
 * Thrown when a system call fails. Says which call, on what, and why.
 */
public final class PosixException extends IOException {

	private final int errno;

	PosixException(String call, LastErrorException cause) {
		super("%s failed: %s".formatted(call, describe(cause)), cause);
		this.errno = cause.getErrorCode();
	}

	/**
	 * Return whether the address is in use by someone else.
	 * @return whether the error is {@code EADDRINUSE}
	 */
	public boolean isAddressInUse() {
		return this.errno == LibC.EADDRINUSE;
	}

	/**
	 * Return whether the machine does not have the address family or the address.
	 * @return whether the error is {@code EAFNOSUPPORT} or {@code EADDRNOTAVAIL}
	 */
	public boolean isAddressUnavailable() {
		return this.errno == LibC.EAFNOSUPPORT || this.errno == LibC.EADDRNOTAVAIL;
	}

	private static String describe(LastErrorException cause) {
		String message = cause.getMessage();
		return (message != null) ? message : "errno " + cause.getErrorCode();
	}

}
