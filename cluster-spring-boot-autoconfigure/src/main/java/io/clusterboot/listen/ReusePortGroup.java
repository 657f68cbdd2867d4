package io.clusterboot.listen;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

import io.clusterboot.contract.Steering;
import io.clusterboot.posix.ClassicBpf;
import io.clusterboot.posix.Descriptor;
import io.clusterboot.posix.InetSocket;
import io.clusterboot.posix.PosixException;
import org.jspecify.annotations.Nullable;

/**
 * The listening sockets of all slots: one address, one port, {@code SO_REUSEPORT}. The
 * launcher opens it, the primary inherits it and holds it as long as it lives. Not for
 * several threads at once.
 */
public final class ReusePortGroup {

	// Any loopback address that nobody binds: see keepExclusive
	private static final byte[] GUARD_ADDRESS = { 127, 93, 41, 7 };

	private final List<InetSocket> sockets;

	private final boolean ipv6;

	private boolean listening;

	private int backlog;

	private boolean held;

	// Names only sockets that there are, none as long as the kernel's hash decides
	private Steering steering = Steering.NOWHERE;

	private ReusePortGroup(List<InetSocket> sockets, boolean ipv6) {
		this.sockets = new ArrayList<>(sockets);
		this.ipv6 = ipv6;
	}

	/**
	 * Bind one socket for each slot. None listens yet.
	 * @param host the address to bind, or {@code null} for all of them
	 * @param port the port, or 0 for any that is free
	 * @param slots how many sockets to bind
	 * @return the group
	 * @throws PosixException if the address is in use, even by another cluster that does
	 * not listen yet, or cannot be bound
	 */
	public static ReusePortGroup open(@Nullable InetAddress host, int port, int slots) throws PosixException {
		if (host != null) {
			return open(new InetSocketAddress(host, port), slots, !(host instanceof Inet4Address));
		}
		if (!Boolean.getBoolean("java.net.preferIPv4Stack")) {
			try {
				return open(InetSocket.anyAddress(port), slots, true);
			}
			catch (PosixException ex) {
				if (!ex.isAddressUnavailable()) {
					throw ex;
				}
			}
		}
		return open(new InetSocketAddress(port), slots, false);
	}

	private static ReusePortGroup open(InetSocketAddress address, int slots, boolean ipv6) throws PosixException {
		List<InetSocket> sockets = new ArrayList<>();
		try {
			InetSocket first = InetSocket.create(ipv6);
			sockets.add(first);
			first.reuseAddress(true);
			// without SO_REUSEPORT, or two clusters of one user would share the port
			first.bind(address, ipv6);
			first.reusePort(true);
			InetSocketAddress resolved = new InetSocketAddress(address.getAddress(), first.port());
			while (sockets.size() < slots) {
				InetSocket socket = InetSocket.create(ipv6);
				sockets.add(socket);
				socket.reuseAddress(true);
				socket.reusePort(true);
				socket.bind(resolved, ipv6);
			}
			keepExclusive(sockets, resolved.getPort());
			return new ReusePortGroup(sockets, ipv6);
		}
		catch (PosixException ex) {
			sockets.forEach(InetSocket::close);
			throw ex;
		}
	}

	/*
	 * Make others who want the port fail while nobody listens yet. SO_REUSEADDR, needed
	 * to bind over connections in TIME_WAIT, also lets everyone who sets it bind beside a
	 * socket that does not listen. So it is taken back after the bind, and a socket
	 * without it is bound once to the same port (on an address of its own, where no
	 * TIME_WAIT can be in its way), because the kernel remembers for each port that all
	 * its sockets had the option and then does not look closer: fastreuse in
	 * inet_csk_get_port, net/ipv4/inet_connection_sock.c.
	 */
	private static void keepExclusive(List<InetSocket> sockets, int port) throws PosixException {
		for (InetSocket socket : sockets) {
			socket.reuseAddress(false);
		}
		try (InetSocket guard = InetSocket.create(false)) {
			guard.reusePort(true);
			guard.bind(new InetSocketAddress(InetAddress.getByAddress(GUARD_ADDRESS), port), false);
		}
		catch (IOException ex) {
			// no IPv4 loopback here: a second cluster is only noticed once this one
			// listens
		}
	}

	/**
	 * Adopt the sockets that a predecessor opened.
	 * @param descriptors the sockets by slot
	 * @param ipv6 whether their family is IPv6
	 * @return the group
	 */
	public static ReusePortGroup inherited(List<Descriptor> descriptors, boolean ipv6) {
		return new ReusePortGroup(descriptors.stream().map(InetSocket::of).toList(), ipv6);
	}

	public boolean isIpv6() {
		return this.ipv6;
	}

	public int port() throws PosixException {
		return this.sockets.get(0).port();
	}

	/**
	 * Return the sockets' descriptors, by slot.
	 * @return the descriptors
	 */
	public List<Descriptor> descriptors() {
		return this.sockets.stream().map(InetSocket::descriptor).toList();
	}

	/**
	 * Return whether clients can connect.
	 * @return whether the group listens
	 */
	public boolean isListening() {
		return this.listening;
	}

	/**
	 * Listen on all sockets, in the order of their slots, so that slot i is index i of
	 * the kernel's group. A group that listens already gets another backlog.
	 * @param backlog how many connections may wait for each slot
	 * @throws PosixException if another process listens by now
	 */
	public void listen(int backlog) throws PosixException {
		for (InetSocket socket : this.sockets) {
			socket.reuseAddress(true);
			socket.listen(backlog);
		}
		this.backlog = backlog;
		this.listening = true;
	}

	/**
	 * Add sockets at the end until there is one for each slot. They listen if the others
	 * do, but get no connection before {@link #steerTo} names them.
	 * @param slots how many sockets there are to be; with as many or more there is
	 * nothing to do
	 * @throws PosixException if a socket cannot be added. The group is then as it was
	 */
	public void grow(int slots) throws PosixException {
		List<InetSocket> added = new ArrayList<>();
		Steering before = this.steering;
		try {
			while (this.sockets.size() + added.size() < slots) {
				InetSocket socket = InetSocket.create(this.ipv6);
				added.add(socket);
				bindBeside(socket);
			}
			if (this.listening && !added.isEmpty()) {
				steerTo(before.within(this.sockets.size()), slots);
				for (InetSocket socket : added) {
					socket.listen(this.backlog);
				}
			}
			this.sockets.addAll(added);
		}
		catch (PosixException ex) {
			added.forEach(InetSocket::close);
			if (before.slots().isEmpty()) {
				spread();
			}
			throw ex;
		}
	}

	private void bindBeside(InetSocket socket) throws PosixException {
		socket.reuseAddress(true);
		socket.reusePort(true);
		socket.bindLike(this.sockets.get(0));
		// As keepExclusive and listen have left the others
		socket.reuseAddress(this.listening);
		if (this.held) {
			socket.attachFilter(ClassicBpf.dropNewConnections());
		}
	}

	/**
	 * Close sockets at the end, in every process that holds them, until there is one for
	 * each slot. Connections that wait in their queues are reset: steer away from them
	 * and have the queues emptied before. Others than the last cannot go, because the
	 * kernel moves the last into the hole: reuseport_detach_sock,
	 * net/core/sock_reuseport.c.
	 * @param slots how many sockets there are to be, at least one; with as many or fewer
	 * there is nothing to do
	 * @throws PosixException if the kernel refuses
	 */
	public void shrink(int slots) throws PosixException {
		if (slots < 1) {
			throw new IllegalArgumentException("The first socket holds the port");
		}
		while (this.sockets.size() > slots) {
			int last = this.sockets.size() - 1;
			if (this.listening) {
				steerTo(this.steering.within(last), last + 1);
				this.sockets.get(last).shutdown();
			}
			this.sockets.remove(last).close();
			steerTo(this.steering);
		}
	}

	/**
	 * Spread new connections over some slots. If none is named that there is, over all.
	 * Unless the client's address is to decide, the kernel's hash does when all have the
	 * same share.
	 * @param steering the slots that accept, and how one is chosen
	 * @throws PosixException if the kernel refuses
	 */
	public void steerTo(Steering steering) throws PosixException {
		if (this.listening) {
			steerTo(steering, this.sockets.size());
		}
	}

	private void steerTo(Steering steering, int size) throws PosixException {
		Steering chosen = steering.within(size);
		if (chosen.isEven(size)) {
			spread();
		}
		else if (!chosen.equals(this.steering)) {
			this.sockets.get(0).attachReusePortProgram(program(chosen));
			this.steering = chosen;
		}
	}

	private static ClassicBpf program(Steering steering) {
		List<Integer> slots = steering.slots().stream().sorted().toList();
		return (steering.bySource()) ? ClassicBpf.bySource(slots)
				: ClassicBpf.weighted(slots, slots.stream().map(steering.weights()::get).toList());
	}

	private void spread() throws PosixException {
		if (!this.steering.slots().isEmpty()) {
			this.sockets.get(0).detachReusePortProgram();
			this.steering = Steering.NOWHERE;
		}
	}

	/**
	 * Let no new connection begin, while those that wait in the queues can still be
	 * accepted: their clients hear nothing and try again.
	 * @throws PosixException if the kernel refuses
	 */
	public void hold() throws PosixException {
		this.held = true;
		for (InetSocket socket : this.sockets) {
			socket.attachFilter(ClassicBpf.dropNewConnections());
		}
	}

	/**
	 * Refuse new connections, in every process that holds the sockets.
	 * @throws PosixException if the kernel refuses
	 */
	public void refuse() throws PosixException {
		if (this.listening) {
			this.listening = false;
			for (InetSocket socket : this.sockets) {
				socket.shutdown();
			}
		}
	}

	/**
	 * Close the sockets.
	 */
	public void close() {
		this.sockets.forEach(InetSocket::close);
	}

}
