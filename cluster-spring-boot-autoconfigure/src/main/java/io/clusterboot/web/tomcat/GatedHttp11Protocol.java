package io.clusterboot.web.tomcat;

import java.util.Set;

import io.clusterboot.socket.AcceptGate;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * HTTP protocol handler that accepts through an {@link AcceptGate}. Public because Tomcat
 * creates it from its class name.
 */
public class GatedHttp11Protocol extends Http11NioProtocol {

	private final GatedNioEndpoint endpoint;

	/**
	 * Create a handler that needs a gate before it can be started.
	 */
	public GatedHttp11Protocol() {
		this(new GatedNioEndpoint());
	}

	private GatedHttp11Protocol(GatedNioEndpoint endpoint) {
		super(endpoint);
		this.endpoint = endpoint;
	}

	void setGate(AcceptGate gate) {
		this.endpoint.setGate(gate);
	}

	Set<SocketWrapperBase<NioChannel>> connections() {
		return this.endpoint.getConnections();
	}

	void expireConnections() {
		this.endpoint.expireConnections();
	}

	@Override
	public void closeServerSocketGraceful() {
		// The endpoint tells its acceptor to stop before it calls anything of ours
		this.endpoint.suspend();
		super.closeServerSocketGraceful();
	}

}
