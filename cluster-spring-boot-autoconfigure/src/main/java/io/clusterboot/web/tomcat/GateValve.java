package io.clusterboot.web.tomcat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.clusterboot.RequestTimes;
import io.clusterboot.ResponseCounts;
import io.clusterboot.contract.PeerAttribute;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.AccessLog;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;

/**
 * First valve of the engine: counts requests under way, responses and times, tells who
 * the direct peer is, and ends keep-alive of requests that were under way when the drain
 * began.
 * <p>
 * It counts as an {@link AccessLog}, which Tomcat calls once for each request, at its
 * end, asynchronous or not. A valve is invoked again for each asynchronous dispatch.
 */
class GateValve extends ValveBase implements AccessLog {

	// Whether it counts, as one through the side door does not; while it is under way
	private static final String COUNTED = GateValve.class.getName() + ".counted";

	private final ResponseCounter responses = new ResponseCounter();

	private final RequestTimer times = new RequestTimer();

	private final AtomicInteger requestsInFlight = new AtomicInteger();

	private volatile boolean keepAliveEnded;

	private volatile @Nullable Consumer<String> learn;

	// No port at first
	private volatile int sideDoor = -1;

	GateValve() {
		super(true);
	}

	void sideDoor(int port) {
		this.sideDoor = port;
	}

	void learn(Consumer<String> learn) {
		this.learn = learn;
	}

	ResponseCounts responses() {
		return this.responses.counts();
	}

	RequestTimes requestTimes() {
		return this.times.times();
	}

	int requestsInFlight() {
		return this.requestsInFlight.get();
	}

	void endKeepAlive() {
		this.keepAliveEnded = true;
	}

	void resumeKeepAlive() {
		this.keepAliveEnded = false;
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		begin(request);
		// Most requests do not ask for it
		request.setAttribute(PeerAttribute.NAME, (Supplier<@Nullable InetSocketAddress>) () -> peer(request));
		getNext().invoke(request, response);
		if (this.keepAliveEnded && mayClose(request, response)) {
			response.setHeader("Connection", "close");
		}
	}

	// Looks at the port at the beginning, because other valves may change it
	private void begin(Request request) {
		if (request.getNote(COUNTED) == null) {
			boolean counted = request.getLocalPort() != this.sideDoor;
			request.setNote(COUNTED, counted);
			if (counted) {
				this.requestsInFlight.incrementAndGet();
			}
			else {
				request.setAttribute(PeerAttribute.SIDE_DOOR, true);
			}
		}
	}

	// Tomcat also logs requests that it refuses without any valve, see log in
	// CoyoteAdapter
	private boolean end(Request request) {
		Object counted = request.getNote(COUNTED);
		if (counted == null) {
			return request.getLocalPort() != this.sideDoor;
		}
		request.removeNote(COUNTED);
		if (Boolean.TRUE.equals(counted)) {
			this.requestsInFlight.decrementAndGet();
		}
		return Boolean.TRUE.equals(counted);
	}

	// Asks for what comes from the socket only: getRemoteAddr() is what RemoteIpValve
	// makes of a header
	private @Nullable InetSocketAddress peer(Request request) {
		String address = request.getPeerAddr();
		int port = request.getRemotePort();
		if (address == null || port <= 0) {
			return null;
		}
		try {
			return new InetSocketAddress(InetAddress.getByName(address), port);
		}
		catch (UnknownHostException ex) {
			return null;
		}
	}

	private boolean mayClose(Request request, Response response) {
		return !response.isCommitted() && !request.isAsync() && !"HTTP/2.0".equals(request.getProtocol())
				&& response.getStatus() != HttpServletResponse.SC_SWITCHING_PROTOCOLS;
	}

	@Override
	public void log(Request request, Response response, long nanos) {
		if (end(request) && request.getAttribute(PeerAttribute.PASSED_ON) == null) {
			this.times.count(nanos);
			this.responses.count(response.getStatus());
			Consumer<String> learn = this.learn;
			if (learn != null && response.getStatus() / 100 == 2 && isForAnybody(request)) {
				String query = request.getQueryString();
				learn.accept((query != null) ? request.getRequestURI() + "?" + query : request.getRequestURI());
			}
		}
	}

	private static boolean isForAnybody(Request request) {
		return "GET".equals(request.getMethod()) && request.getHeader("Authorization") == null
				&& request.getHeader("Cookie") == null;
	}

	@Override
	public void setRequestAttributesEnabled(boolean requestAttributesEnabled) {
	}

	@Override
	public boolean getRequestAttributesEnabled() {
		return false;
	}

}
