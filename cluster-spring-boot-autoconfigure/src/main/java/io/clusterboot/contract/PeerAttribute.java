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

	/**
	 * Name of the request attribute that is there if the request came by the side door of
	 * this worker, and so is for this worker alone.
	 */
	public static final String SIDE_DOOR = "io.clusterboot.side-door";

	/**
	 * Name of the request attribute that is there if another worker is asked for the
	 * answer, which says nothing about this one.
	 */
	public static final String PASSED_ON = "io.clusterboot.passed-on";

	private PeerAttribute() {
	}

}
