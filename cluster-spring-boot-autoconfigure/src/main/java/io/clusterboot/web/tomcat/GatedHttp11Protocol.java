package io.clusterboot.web.tomcat;

import java.util.Map;
import java.util.Set;

import io.clusterboot.gate.AcceptGate;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * HTTP protocol handler that accepts through an {@link AcceptGate}. Public because Tomcat
 * creates it from its class name.
 */
public class GatedHttp11Protocol extends Http11NioProtocol {

	private final GatedNioEndpoint endpoint;

	private volatile boolean keepAliveEnded;

	private int maxKeepAliveRequests;

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

	/**
	 * Let no connection be kept alive from now on.
	 */
	synchronized void endKeepAlive() {
		if (!this.keepAliveEnded) {
			this.keepAliveEnded = true;
			this.maxKeepAliveRequests = getMaxKeepAliveRequests();
			setMaxKeepAliveRequests(1);
		}
	}

	/**
	 * Let connections be kept alive again.
	 */
	synchronized void resumeKeepAlive() {
		if (this.keepAliveEnded) {
			setMaxKeepAliveRequests(this.maxKeepAliveRequests);
			this.keepAliveEnded = false;
		}
	}

	/**
	 * Called for every response with a body when its headers are about to be written,
	 * which makes it the one place where those of requests under way can be told apart
	 * from those already written. See prepareResponse in Http11Processor.
	 */
	@Override
	public boolean useCompression(Request request, Response response) {
		boolean compresses = super.useCompression(request, response);
		if (this.keepAliveEnded && !"HTTP/2.0".equals(request.protocol().toString())) {
			response.setHeader("Connection", "close");
			keepChunks(response);
		}
		return compresses;
	}

	// By that header a body without a length would end where the connection does, and
	// nobody could tell whether it is whole. What may have trailers is sent in chunks;
	// there are none.
	private static void keepChunks(Response response) {
		if (response.getContentLengthLong() == -1 && response.getTrailerFields() == null) {
			response.setTrailerFields(Map::of);
		}
	}

	@Override
	public void closeServerSocketGraceful() {
		// The endpoint tells its acceptor to stop before it calls anything of ours
		this.endpoint.suspend();
		super.closeServerSocketGraceful();
	}

}
