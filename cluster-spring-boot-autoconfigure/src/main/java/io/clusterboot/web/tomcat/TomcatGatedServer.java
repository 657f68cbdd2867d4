package io.clusterboot.web.tomcat;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.clusterboot.RequestTimes;
import io.clusterboot.ResponseCounts;
import io.clusterboot.gate.GatedServer;
import org.apache.coyote.Processor;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat as whoever drains it sees it. Exists before Tomcat does and then has no
 * connections.
 */
class TomcatGatedServer implements GatedServer {

	// Between the first GOAWAY and the last, for streams that are on their way
	private static final long GOAWAY_MILLIS = 1000;

	private static final long NO_TIMEOUT = -1;

	private final GateValve valve = new GateValve();

	private volatile @Nullable GatedHttp11Protocol protocol;

	private volatile int sideDoor;

	// Repeated GOAWAYs while keep-alive is ended
	private @Nullable Future<?> endingHttp2;

	private List<Http2Protocol> withoutTimeout = List.of();

	GateValve valve() {
		return this.valve;
	}

	void setProtocol(GatedHttp11Protocol protocol) {
		this.protocol = protocol;
		// By default Tomcat waits for one estimated round trip only
		http2(protocol).filter((http2) -> http2.getDrainTimeout() == 0)
			.forEach((http2) -> http2.setDrainTimeout(TimeUnit.MILLISECONDS.toNanos(GOAWAY_MILLIS)));
	}

	@Override
	public void sideDoor(int port) {
		this.sideDoor = port;
		this.valve.sideDoor(port);
	}

	@Override
	public void learn(Consumer<String> learn) {
		this.valve.learn(learn);
	}

	@Override
	public boolean isSecure() {
		GatedHttp11Protocol protocol = this.protocol;
		return protocol != null && protocol.isSSLEnabled();
	}

	@Override
	public int connections() {
		return wrappers().size();
	}

	@Override
	public ResponseCounts responses() {
		return this.valve.responses();
	}

	@Override
	public int requestsInFlight() {
		return this.valve.requestsInFlight();
	}

	@Override
	public RequestTimes requestTimes() {
		return this.valve.requestTimes();
	}

	@Override
	public boolean isPoolFull() {
		return pool().isFull();
	}

	@Override
	public long finishedTasks() {
		return pool().finishedTasks();
	}

	// While a request is processed the connection has no processor, see closeIfIdle; an
	// asynchronous one and a WebSocket, which other threads write to, have one
	@Override
	public long lastTransfer() {
		return wrappers().stream()
			.filter((wrapper) -> !(wrapper.getCurrentProcessor() instanceof Processor processor) || isHttp2(processor))
			.filter(NioSocketWrapper.class::isInstance)
			.map(NioSocketWrapper.class::cast)
			.mapToLong((wrapper) -> Math.max(wrapper.getLastRead(), wrapper.getLastWrite()))
			.max()
			.orElse(0);
	}

	@Override
	public synchronized void endKeepAlive() {
		this.valve.endKeepAlive();
		GatedHttp11Protocol protocol = this.protocol;
		if (protocol == null) {
			return;
		}
		protocol.endKeepAlive();
		if (http2(protocol).findAny().isPresent() && this.endingHttp2 == null) {
			endHttp2(protocol);
		}
	}

	@Override
	public synchronized void resumeKeepAlive() {
		this.valve.resumeKeepAlive();
		GatedHttp11Protocol protocol = this.protocol;
		if (protocol != null) {
			protocol.resumeKeepAlive();
		}
		if (this.endingHttp2 != null) {
			this.endingHttp2.cancel(false);
			this.endingHttp2 = null;
			this.withoutTimeout.forEach((http2) -> http2.setKeepAliveTimeout(NO_TIMEOUT));
		}
	}

	@Override
	public void closeIdleConnections() {
		for (SocketWrapperBase<NioChannel> wrapper : wrappers()) {
			closeIfIdle(wrapper);
		}
		GatedHttp11Protocol protocol = this.protocol;
		if (protocol != null) {
			protocol.expireConnections();
		}
	}

	// While a request is processed the lock is held and the connection has no processor;
	// while one is parsed or is asynchronous it has one. The timeout leaves the closing
	// to the poller, which looks for input first; input that comes resets the timeout.
	private void closeIfIdle(SocketWrapperBase<NioChannel> wrapper) {
		if (wrapper.getLock().tryLock()) {
			try {
				if (wrapper.getCurrentProcessor() == null) {
					wrapper.setReadTimeout(1);
				}
			}
			finally {
				wrapper.getLock().unlock();
			}
		}
	}

	@Override
	public int drainingConnections() {
		return (int) wrappers().stream().filter((wrapper) -> !isEndless(wrapper)).count();
	}

	@Override
	public int waitingConnections() {
		return (int) wrappers().stream().filter(this::isWaiting).count();
	}

	private boolean isWaiting(SocketWrapperBase<NioChannel> wrapper) {
		return wrapper.getCurrentProcessor() instanceof Processor processor && !processor.isUpgrade()
				&& processor.isAsync();
	}

	private boolean isEndless(SocketWrapperBase<NioChannel> wrapper) {
		return wrapper.getCurrentProcessor() instanceof Processor processor && processor.isUpgrade()
				&& !isHttp2(processor);
	}

	// An upgrade that a servlet asked for carries its context, HTTP/2 has none
	private boolean isHttp2(Processor processor) {
		return processor.isUpgrade() && processor.getUpgradeToken().contextBind() == null;
	}

	private void endHttp2(GatedHttp11Protocol protocol) {
		this.withoutTimeout = http2(protocol).filter((http2) -> http2.getKeepAliveTimeout() < 0).toList();
		this.withoutTimeout.forEach((http2) -> http2.setKeepAliveTimeout(GOAWAY_MILLIS));
		protocol.getHandler().pause();
		try {
			this.endingHttp2 = protocol.getUtilityExecutor()
				.scheduleWithFixedDelay(() -> endIdleHttp2(protocol), GOAWAY_MILLIS, GOAWAY_MILLIS,
						TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			// Tomcat is stopping, which closes every connection
		}
	}

	// Repeats the first GOAWAY for a connection that was busy and missed it, and makes
	// one time out that has had no stream since
	private void endIdleHttp2(GatedHttp11Protocol protocol) {
		protocol.getHandler().pause();
		long keepAlive = http2(protocol).mapToLong(Http2Protocol::getKeepAliveTimeout).max().orElse(0);
		long now = System.currentTimeMillis() + Math.max(0, keepAlive - GOAWAY_MILLIS);
		for (SocketWrapperBase<NioChannel> wrapper : protocol.connections()) {
			if (wrapper.getCurrentProcessor() instanceof Processor processor && isHttp2(processor)) {
				processor.timeoutAsync(now);
			}
		}
	}

	private Stream<Http2Protocol> http2(GatedHttp11Protocol protocol) {
		return Arrays.stream(protocol.findUpgradeProtocols())
			.filter(Http2Protocol.class::isInstance)
			.map(Http2Protocol.class::cast);
	}

	private RequestPool pool() {
		GatedHttp11Protocol protocol = this.protocol;
		return RequestPool.of((protocol != null) ? protocol.getExecutor() : null);
	}

	// Without those through the side door
	private Collection<SocketWrapperBase<NioChannel>> wrappers() {
		GatedHttp11Protocol protocol = this.protocol;
		if (protocol == null) {
			return List.of();
		}
		int sideDoor = this.sideDoor;
		return (sideDoor == 0) ? protocol.connections()
				: protocol.connections().stream().filter((wrapper) -> wrapper.getLocalPort() != sideDoor).toList();
	}

}
