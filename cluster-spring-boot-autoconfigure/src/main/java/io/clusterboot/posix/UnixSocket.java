package io.clusterboot.posix;

import java.nio.ByteBuffer;
import java.util.List;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/**
 * One end of a connected Unix stream socket, over which bytes and descriptors travel. One
 * thread may send while another receives.
 */
public final class UnixSocket implements AutoCloseable {

	// struct msghdr, struct iovec, struct cmsghdr: bits/socket.h, 64 bit
	private static final int MSGHDR_SIZE = 56;

	private static final int IOVEC_SIZE = 16;

	private static final int CMSGHDR_SIZE = 16;

	private static final int MAX_DESCRIPTORS = 8;

	private static final int BUFFER_SIZE = 64 * 1024;

	private final Descriptor descriptor;

	private final Transfer sending = new Transfer();

	private final Transfer receiving = new Transfer();

	public UnixSocket(Descriptor descriptor) {
		this.descriptor = descriptor;
	}

	/**
	 * Create two sockets that are connected to each other.
	 * @return the descriptors of both ends, close-on-exec
	 * @throws PosixException if descriptors ran out
	 */
	public static List<Descriptor> pair() throws PosixException {
		int[] pair = new int[2];
		try {
			LibC.socketpair(LibC.AF_UNIX, LibC.SOCK_STREAM | LibC.SOCK_CLOEXEC, 0, pair);
		}
		catch (LastErrorException ex) {
			throw new PosixException("socketpair", ex);
		}
		return List.of(new Descriptor(pair[0]), new Descriptor(pair[1]));
	}

	/**
	 * Send all bytes, and with the first of them the descriptors. Blocks while the peer
	 * does not read.
	 * @param bytes at least one byte
	 * @param descriptors at most eight descriptors; they stay open here
	 * @throws PosixException if the peer is gone
	 */
	public void send(byte[] bytes, List<Descriptor> descriptors) throws PosixException {
		send(ByteBuffer.wrap(bytes), descriptors);
	}

	/**
	 * Send all bytes, and with the first of them the descriptors. Blocks while the peer
	 * does not read.
	 * @param bytes at least one byte, in an array; what is left of the buffer stays so
	 * @param descriptors at most eight descriptors; they stay open here
	 * @throws PosixException if the peer is gone
	 */
	public void send(ByteBuffer bytes, List<Descriptor> descriptors) throws PosixException {
		int sent = send(bytes, descriptors, 0);
		// Half a frame would be taken for something else
		if (sent < bytes.remaining()) {
			throw new IllegalStateException(
					"sendmsg(%s) sent %d bytes of %d".formatted(this.descriptor, sent, bytes.remaining()));
		}
	}

	/**
	 * Send what the peer has room for, and with the first byte the descriptors. Never
	 * blocks.
	 * @param bytes at least one byte, in an array; what is left of the buffer stays so
	 * @param descriptors at most eight descriptors; they stay open here
	 * @return how many bytes were sent
	 * @throws PosixException if the peer is gone
	 */
	public int sendWhatFits(ByteBuffer bytes, List<Descriptor> descriptors) throws PosixException {
		return send(bytes, descriptors, LibC.MSG_DONTWAIT);
	}

	private int send(ByteBuffer bytes, List<Descriptor> descriptors, int flags) throws PosixException {
		int start = bytes.arrayOffset() + bytes.position();
		int end = start + bytes.remaining();
		int offset = start;
		List<Descriptor> passed = descriptors;
		while (offset < end) {
			int length = Math.min(end - offset, BUFFER_SIZE);
			this.sending.buffer.write(0, bytes.array(), offset, length);
			int sent = this.sending.send(this.descriptor, length, passed, flags);
			if (sent == 0) {
				break;
			}
			offset += sent;
			passed = List.of();
		}
		return offset - start;
	}

	/**
	 * Wait for bytes.
	 * @param descriptors gets the descriptors that came with them, close-on-exec
	 * @return what was received, empty if the peer is gone
	 * @throws PosixException if the socket is not open
	 */
	public byte[] receive(List<Descriptor> descriptors) throws PosixException {
		int length = this.receiving.receive(this.descriptor, descriptors);
		return this.receiving.buffer.getByteArray(0, length);
	}

	/**
	 * End the connection, which wakes up whoever waits in {@link #receive} on either
	 * side. The descriptor stays open.
	 */
	public synchronized void shutdown() {
		try {
			LibC.shutdown(this.descriptor.number(), LibC.SHUT_RDWR);
		}
		catch (LastErrorException | IllegalStateException ex) {
			// the peer was faster, or it is closed: what was wanted is so
		}
	}

	@Override
	public synchronized void close() {
		this.descriptor.close();
	}

	/**
	 * The structures of one direction, kept from call to call.
	 */
	private static final class Transfer {

		private final Memory buffer = new Memory(BUFFER_SIZE);

		private final Memory iovec = new Memory(IOVEC_SIZE);

		private final Memory control = new Memory(CMSGHDR_SIZE + 4 * MAX_DESCRIPTORS);

		private final Memory msghdr = new Memory(MSGHDR_SIZE);

		// Returns 0 if it would block but may not
		int send(Descriptor socket, int length, List<Descriptor> descriptors, int flags) throws PosixException {
			int dataLength = 4 * descriptors.size();
			if (dataLength > 0) {
				this.control.clear();
				this.control.setLong(0, CMSGHDR_SIZE + dataLength);
				this.control.setInt(8, LibC.SOL_SOCKET);
				this.control.setInt(12, LibC.SCM_RIGHTS);
				for (int i = 0; i < descriptors.size(); i++) {
					this.control.setInt(CMSGHDR_SIZE + 4L * i, descriptors.get(i).number());
				}
			}
			prepare(length, (dataLength > 0) ? CMSGHDR_SIZE + align(dataLength) : 0);
			while (true) {
				try {
					return (int) LibC.sendmsg(socket.number(), this.msghdr, LibC.MSG_NOSIGNAL | flags);
				}
				catch (LastErrorException ex) {
					if (ex.getErrorCode() == LibC.EWOULDBLOCK) {
						return 0;
					}
					if (ex.getErrorCode() != LibC.EINTR) {
						throw new PosixException("sendmsg(%s)".formatted(socket), ex);
					}
				}
			}
		}

		int receive(Descriptor socket, List<Descriptor> descriptors) throws PosixException {
			while (true) {
				prepare(BUFFER_SIZE, this.control.size());
				try {
					int length = (int) LibC.recvmsg(socket.number(), this.msghdr, LibC.MSG_CMSG_CLOEXEC);
					readDescriptors(descriptors);
					return length;
				}
				catch (LastErrorException ex) {
					if (ex.getErrorCode() != LibC.EINTR) {
						throw new PosixException("recvmsg(%s)".formatted(socket), ex);
					}
				}
			}
		}

		private void prepare(int length, long controlLength) {
			this.iovec.setPointer(0, this.buffer);
			this.iovec.setLong(8, length);
			this.msghdr.clear();
			this.msghdr.setPointer(16, this.iovec);
			this.msghdr.setLong(24, 1);
			this.msghdr.setPointer(32, (controlLength > 0) ? this.control : Pointer.NULL);
			this.msghdr.setLong(40, controlLength);
		}

		private void readDescriptors(List<Descriptor> descriptors) {
			if (this.msghdr.getLong(40) < CMSGHDR_SIZE || this.control.getInt(12) != LibC.SCM_RIGHTS) {
				return;
			}
			long end = this.control.getLong(0);
			for (long offset = CMSGHDR_SIZE; offset < end; offset += 4) {
				descriptors.add(new Descriptor(this.control.getInt(offset)));
			}
		}

		private static int align(int length) {
			return (length + 7) & ~7;
		}

	}

}
