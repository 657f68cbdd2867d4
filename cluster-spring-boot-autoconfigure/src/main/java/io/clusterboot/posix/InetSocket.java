package io.clusterboot.posix;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;

/**
 * A TCP socket that listens, or will. It is non-blocking from the start and stays so:
 * {@code O_NONBLOCK} belongs to the open socket, which several processes share.
 */
public final class InetSocket implements AutoCloseable {

	// struct sockaddr_in, struct sockaddr_in6: netinet/in.h
	private static final int SOCKADDR_IN_SIZE = 16;

	private static final int SOCKADDR_IN6_SIZE = 28;

	private final Descriptor descriptor;

	private InetSocket(Descriptor descriptor) {
		this.descriptor = descriptor;
	}

	/**
	 * Create a socket.
	 * @param ipv6 whether its family is IPv6, and then dual-stack
	 * @return an unbound socket
	 * @throws PosixException if the family is not supported or descriptors ran out
	 */
	public static InetSocket create(boolean ipv6) throws PosixException {
		int domain = (ipv6) ? LibC.AF_INET6 : LibC.AF_INET;
		InetSocket socket;
		try {
			socket = new InetSocket(
					new Descriptor(LibC.socket(domain, LibC.SOCK_STREAM | LibC.SOCK_NONBLOCK | LibC.SOCK_CLOEXEC, 0)));
		}
		catch (LastErrorException ex) {
			throw new PosixException("socket(%s)".formatted((ipv6) ? "AF_INET6" : "AF_INET"), ex);
		}
		try {
			if (ipv6) {
				socket.setOption(LibC.IPPROTO_IPV6, LibC.IPV6_V6ONLY, 0);
			}
			return socket;
		}
		catch (PosixException ex) {
			socket.close();
			throw ex;
		}
	}

	/**
	 * Adopt a socket that this process inherited.
	 * @param descriptor its descriptor
	 * @return the socket
	 */
	public static InetSocket of(Descriptor descriptor) {
		return new InetSocket(descriptor);
	}

	public Descriptor descriptor() {
		return this.descriptor;
	}

	public void reuseAddress(boolean enabled) throws PosixException {
		setOption(LibC.SOL_SOCKET, LibC.SO_REUSEADDR, (enabled) ? 1 : 0);
	}

	public void reusePort(boolean enabled) throws PosixException {
		setOption(LibC.SOL_SOCKET, LibC.SO_REUSEPORT, (enabled) ? 1 : 0);
	}

	/**
	 * Bind to an address.
	 * @param address the address; its family decides the family that the socket needs
	 * @param ipv6 whether the socket's family is IPv6
	 * @throws PosixException if the address is in use, not this machine's or forbidden
	 */
	public void bind(InetSocketAddress address, boolean ipv6) throws PosixException {
		byte[] encoded = encode(address, ipv6);
		try {
			LibC.bind(this.descriptor.number(), encoded, encoded.length);
		}
		catch (LastErrorException ex) {
			throw new PosixException("bind(%s)".formatted(address), ex);
		}
	}

	/**
	 * Bind to the address and port that another socket of the same family is bound to.
	 * @param other the other socket
	 * @throws PosixException if the kernel refuses to let both have them
	 */
	public void bindLike(InetSocket other) throws PosixException {
		byte[] address = new byte[SOCKADDR_IN6_SIZE];
		int[] length = { address.length };
		other.readAddress(address, length);
		try {
			LibC.bind(this.descriptor.number(), address, length[0]);
		}
		catch (LastErrorException ex) {
			throw new PosixException("bind(port %d)".formatted(portOf(address)), ex);
		}
	}

	/**
	 * Listen, or change the backlog if the socket listens already.
	 * @param backlog how many connections may wait to be accepted
	 * @throws PosixException if another process listens by now
	 */
	public void listen(int backlog) throws PosixException {
		try {
			LibC.listen(this.descriptor.number(), backlog);
		}
		catch (LastErrorException ex) {
			throw new PosixException("listen(%s, %d)".formatted(this.descriptor, backlog), ex);
		}
	}

	/**
	 * Stop listening in every process that holds the socket: from now on clients are
	 * refused. What waits in the queue is reset.
	 * @throws PosixException if the socket does not listen
	 */
	public void shutdown() throws PosixException {
		try {
			LibC.shutdown(this.descriptor.number(), LibC.SHUT_RDWR);
		}
		catch (LastErrorException ex) {
			throw new PosixException("shutdown(%s)".formatted(this.descriptor), ex);
		}
	}

	/**
	 * Return the port that the socket is bound to.
	 * @return the port
	 * @throws PosixException if the socket is not open
	 */
	public int port() throws PosixException {
		byte[] address = new byte[SOCKADDR_IN6_SIZE];
		readAddress(address, new int[] { address.length });
		return portOf(address);
	}

	/**
	 * Attach a classic BPF program to this socket alone: it sees each TCP segment from
	 * the TCP header on and returns 0 to drop it.
	 * @param program the program
	 * @throws PosixException if the kernel refuses it
	 */
	public void attachFilter(ClassicBpf program) throws PosixException {
		attach(LibC.SO_ATTACH_FILTER, program, "SO_ATTACH_FILTER");
	}

	/**
	 * Attach a classic BPF program to the {@code SO_REUSEPORT} group of this socket: it
	 * returns the index of the socket that gets a new connection.
	 * @param program the program
	 * @throws PosixException if the kernel refuses it
	 */
	public void attachReusePortProgram(ClassicBpf program) throws PosixException {
		attach(LibC.SO_ATTACH_REUSEPORT_CBPF, program, "SO_ATTACH_REUSEPORT_CBPF");
	}

	/**
	 * Detach the program of the group, so that the kernel's hash decides again.
	 * @throws PosixException if none is attached
	 */
	public void detachReusePortProgram() throws PosixException {
		setOption(LibC.SOL_SOCKET, LibC.SO_DETACH_REUSEPORT_BPF, 0);
	}

	@Override
	public void close() {
		this.descriptor.close();
	}

	private void readAddress(byte[] address, int[] length) throws PosixException {
		try {
			LibC.getsockname(this.descriptor.number(), address, length);
		}
		catch (LastErrorException ex) {
			throw new PosixException("getsockname(%s)".formatted(this.descriptor), ex);
		}
	}

	private static int portOf(byte[] address) {
		return Short.toUnsignedInt(ByteBuffer.wrap(address).getShort(2));
	}

	private void attach(int option, ClassicBpf program, String name) throws PosixException {
		try (Memory filter = program.toMemory(); Memory fprog = new Memory(16)) {
			// struct sock_fprog: linux/filter.h
			fprog.clear();
			fprog.setShort(0, (short) program.length());
			fprog.setPointer(8, filter);
			LibC.setsockopt(this.descriptor.number(), LibC.SOL_SOCKET, option, fprog, (int) fprog.size());
		}
		catch (LastErrorException ex) {
			throw new PosixException("setsockopt(%s, %s)".formatted(this.descriptor, name), ex);
		}
	}

	private void setOption(int level, int option, int value) throws PosixException {
		byte[] encoded = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
		try {
			LibC.setsockopt(this.descriptor.number(), level, option, encoded, encoded.length);
		}
		catch (LastErrorException ex) {
			throw new PosixException("setsockopt(%s, %d, %d, %d)".formatted(this.descriptor, level, option, value), ex);
		}
	}

	private static byte[] encode(InetSocketAddress address, boolean ipv6) {
		ByteBuffer buffer = ByteBuffer.allocate((ipv6) ? SOCKADDR_IN6_SIZE : SOCKADDR_IN_SIZE);
		buffer.order(ByteOrder.nativeOrder()).putShort((short) ((ipv6) ? LibC.AF_INET6 : LibC.AF_INET));
		buffer.order(ByteOrder.BIG_ENDIAN).putShort((short) address.getPort());
		InetAddress host = address.getAddress();
		if (ipv6) {
			buffer.putInt(0).put(ipv6Bytes(host));
			int scope = (host instanceof Inet6Address inet6) ? inet6.getScopeId() : 0;
			buffer.order(ByteOrder.nativeOrder()).putInt(scope);
		}
		else {
			buffer.put(host.getAddress());
		}
		return buffer.array();
	}

	private static byte[] ipv6Bytes(InetAddress host) {
		if (host.isAnyLocalAddress()) {
			return new byte[16];
		}
		byte[] bytes = host.getAddress();
		if (bytes.length == 16) {
			return bytes;
		}
		return ByteBuffer.allocate(16).position(10).putShort((short) 0xffff).put(bytes).array();
	}

	/**
	 * Return the unspecified address that a dual-stack server binds.
	 * @param port the port
	 * @return the address {@code ::}
	 */
	public static InetSocketAddress anyAddress(int port) {
		try {
			return new InetSocketAddress(InetAddress.getByAddress(new byte[16]), port);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
