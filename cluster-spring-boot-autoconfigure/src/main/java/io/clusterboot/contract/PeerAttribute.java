package io.clusterboot.contract;

/**
 * Names the request attribute that holds the {@link java.net.InetSocketAddress} of the
 * TCP peer, whatever a proxy's headers say.
 */
public final class PeerAttribute {

	/**
	 * Name of the request attribute.
	 */
	public static final String NAME = "io.clusterboot.peer";

	private PeerAttribute() {
	}

}
