package io.clusterboot.contract;

/**
 * Names the request attribute that tells who the TCP peer is, whatever a proxy's headers
 * say: a {@link java.util.function.Supplier} of its {@link java.net.InetSocketAddress},
 * or of {@code null} if it is not known. To be asked before the request has ended.
 */
public final class PeerAttribute {

	/**
	 * Name of the request attribute.
	 */
	public static final String NAME = "io.clusterboot.peer";

	private PeerAttribute() {
	}

}
