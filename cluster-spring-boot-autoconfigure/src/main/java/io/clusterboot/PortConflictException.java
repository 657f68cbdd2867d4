package io.clusterboot;

/**
 * Thrown when an application listens in a way that the workers of a cluster cannot share.
 */
public final class PortConflictException extends ClusterException {

	private final String action;

	/**
	 * Create an exception.
	 * @param message what cannot be shared
	 * @param action what to do about it
	 */
	public PortConflictException(String message, String action) {
		super(message, null);
		this.action = action;
	}

	/**
	 * Return what to do about it.
	 * @return the advice
	 */
	public String getAction() {
		return this.action;
	}

}
