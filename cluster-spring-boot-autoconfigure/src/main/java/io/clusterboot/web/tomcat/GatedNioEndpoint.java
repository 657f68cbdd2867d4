package io.clusterboot.web.tomcat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

import io.clusterboot.PortConflictException;
import io.clusterboot.gate.AcceptGate;
import org.apache.tomcat.util.net.NioEndpoint;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * {@link NioEndpoint} without a listening socket of its own: it gets its connections from
 * an {@link AcceptGate}.
 * <p>
 * Tomcat destroys a connection that it accepts while it pauses or stops. So the gate is
 * always suspended first, which waits until the acceptor has registered what it has.
 */
class GatedNioEndpoint extends NioEndpoint {

	private static final Duration WAIT = Duration.ofSeconds(1);

	private static final Duration WAIT_WHEN_PAUSED = Duration.ofMillis(50);

	private volatile @Nullable AcceptGate gate;

	private volatile boolean bound;

	void setGate(AcceptGate gate) {
		this.gate = gate;
	}

	@Override
	protected void initServerSocket() throws IOException {
		NetworkChannel shared = gate().channel();
		Assert.state(shared != null, "The gate has no socket to accept from");
		requireSame((InetSocketAddress) shared.getLocalAddress());
		this.bound = true;
	}

	// Whatever was configured last is known only here: customizers follow each other, and
	// a factory can be the application's own. Port 0 is any port, so this one too
	private void requireSame(InetSocketAddress shared) {
		int port = getPortWithOffset();
		if (port != 0 && port != shared.getPort()) {
			throw new PortConflictException(
					"The application sets port %d in code, but the cluster has bound port %d.".formatted(port,
							shared.getPort()),
					"Set server.port=%d, where the cluster can find it, instead of the port in code.".formatted(port));
		}
		InetAddress address = getAddress();
		InetAddress bound = shared.getAddress();
		boolean any = address == null || address.isAnyLocalAddress();
		if ((any) ? !bound.isAnyLocalAddress() : !address.equals(bound)) {
			String wanted = (any) ? "0.0.0.0" : address.getHostAddress();
			throw new PortConflictException(
					"The application sets %s in code, but the cluster has bound %s.".formatted(describe(wanted, any),
							describe(bound.getHostAddress(), bound.isAnyLocalAddress())),
					"Set server.address=%s, where the cluster can find it, instead of the address in code."
						.formatted(wanted));
		}
	}

	private static String describe(String address, boolean any) {
		return (any) ? "all addresses" : "address " + address;
	}

	@Override
	protected @Nullable NetworkChannel getServerSocket() {
		return (this.bound) ? gate().channel() : null;
	}

	@Override
	protected void doCloseServerSocket() {
		suspend();
		this.bound = false;
	}

	@Override
	public void startInternal() throws Exception {
		gate().resume();
		super.startInternal();
	}

	@Override
	public void pause() {
		suspend();
		super.pause();
	}

	@Override
	public void resume() {
		super.resume();
		gate().resume();
	}

	/**
	 * Tomcat would connect to its own port, which on a shared one reaches any worker.
	 */
	@Override
	protected void unlockAccept() {
		suspend();
	}

	@Override
	protected SocketChannel serverSocketAccept() throws IOException {
		while (isRunning()) {
			SocketChannel accepted = gate().accept((isPaused()) ? WAIT_WHEN_PAUSED : WAIT);
			if (accepted != null) {
				return accepted;
			}
		}
		throw new ClosedChannelException();
	}

	@Override
	protected boolean setSocketOptions(SocketChannel socket) {
		try {
			return super.setSocketOptions(socket);
		}
		finally {
			gate().handedOver();
		}
	}

	@Override
	protected void destroySocket(SocketChannel socket) {
		try {
			super.destroySocket(socket);
		}
		finally {
			gate().handedOver();
		}
	}

	void suspend() {
		AcceptGate gate = this.gate;
		if (gate != null) {
			gate.suspend();
		}
	}

	/**
	 * Have expired connections closed now and not within the next two seconds.
	 */
	void expireConnections() {
		Poller poller = getPoller();
		if (poller != null) {
			poller.getSelector().wakeup();
		}
	}

	private AcceptGate gate() {
		AcceptGate gate = this.gate;
		Assert.state(gate != null, "The connector has no gate to accept from");
		return gate;
	}

}
