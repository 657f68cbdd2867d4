package io.clusterboot.socket;

/**
 * The request attribute that says who is at the other end of the connection, whatever
 * headers such as {@code X-Forwarded-For} claim.
 */
public final class PeerAttribute {

	/**
	 * The attribute's name. Its value is the {@link java.net.InetSocketAddress} of the
	 * direct peer; it is absent where that is not known.
	 */
	public static final String NAME = PeerAttribute.class.getName();

	private PeerAttribute() {
	}

}
