package io.clusterboot.posix;

import java.nio.ByteBuffer;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;

/**
 * The C functions and constants that the cluster needs and the JDK does not offer, under
 * their C names. See the man page of the same name, section 2 or 3. Linux on 64-bit
 * machines only; {@code fcntl} is variadic in C, which the calling conventions of x86-64
 * and AArch64 Linux pass like any other integer argument.
 */
final class LibC {

	// asm-generic/errno-base.h, asm-generic/errno.h

	static final int EINTR = 4;

	static final int EWOULDBLOCK = 11;

	static final int EINVAL = 22;

	static final int EADDRINUSE = 98;

	static final int EADDRNOTAVAIL = 99;

	static final int EAFNOSUPPORT = 97;

	// bits/socket.h, bits/socket_type.h, asm-generic/socket.h

	static final int AF_UNIX = 1;

	static final int AF_INET = 2;

	static final int AF_INET6 = 10;

	static final int SOCK_STREAM = 1;

	static final int SOCK_NONBLOCK = 0x800;

	static final int SOCK_CLOEXEC = 0x80000;

	static final int SOL_SOCKET = 1;

	static final int SO_REUSEADDR = 2;

	static final int SO_REUSEPORT = 15;

	static final int SO_ATTACH_FILTER = 26;

	static final int SO_ATTACH_REUSEPORT_CBPF = 51;

	static final int SO_DETACH_REUSEPORT_BPF = 68;

	static final int SCM_RIGHTS = 1;

	static final int MSG_DONTWAIT = 0x40;

	static final int MSG_NOSIGNAL = 0x4000;

	static final int MSG_CMSG_CLOEXEC = 0x40000000;

	static final int SHUT_RDWR = 2;

	// netinet/in.h

	static final int IPPROTO_IPV6 = 41;

	static final int IPV6_V6ONLY = 26;

	// asm-generic/fcntl.h, linux/fcntl.h

	static final int F_SETFD = 2;

	static final int F_DUPFD_CLOEXEC = 1030;

	static final int F_SETPIPE_SZ = 1031;

	static final int FD_CLOEXEC = 1;

	static final int O_RDONLY = 0;

	static final int O_RDWR = 2;

	static final int O_CLOEXEC = 0x80000;

	static final int LOCK_SH = 1;

	static final int LOCK_EX = 2;

	static final int LOCK_NB = 4;

	// linux/memfd.h

	static final int MFD_NOEXEC_SEAL = 8;

	// asm-generic/signal.h

	static final int SIGQUIT = 3;

	static final int SIGCONT = 18;

	// linux/prctl.h

	static final int PR_SET_PDEATHSIG = 1;

	// linux/sched.h

	static final int SCHED_OTHER = 0;

	static final int SCHED_IDLE = 5;

	// sys/resource.h

	static final int PRIO_PROCESS = 0;

	// asm-generic/poll.h

	static final int POLLIN = 1;

	static {
		Native.register(LibC.class, NativeLibrary.getInstance("c"));
	}

	private LibC() {
	}

	static native int socket(int domain, int type, int protocol) throws LastErrorException;

	static native int socketpair(int domain, int type, int protocol, int[] sv) throws LastErrorException;

	static native int setsockopt(int sockfd, int level, int optname, byte[] optval, int optlen)
			throws LastErrorException;

	static native int setsockopt(int sockfd, int level, int optname, Pointer optval, int optlen)
			throws LastErrorException;

	static native int bind(int sockfd, byte[] addr, int addrlen) throws LastErrorException;

	static native int getsockname(int sockfd, byte[] addr, int[] addrlen) throws LastErrorException;

	static native int listen(int sockfd, int backlog) throws LastErrorException;

	static native int shutdown(int sockfd, int how) throws LastErrorException;

	static native long sendmsg(int sockfd, Pointer msg, int flags) throws LastErrorException;

	static native long recvmsg(int sockfd, Pointer msg, int flags) throws LastErrorException;

	static native int open(String pathname, int flags) throws LastErrorException;

	static native int flock(int fd, int operation) throws LastErrorException;

	static native int dup2(int oldfd, int newfd) throws LastErrorException;

	static native int fcntl(int fd, int cmd, int arg) throws LastErrorException;

	static native int pipe2(int[] pipefd, int flags) throws LastErrorException;

	static native int poll(int[] fds, long nfds, int timeout) throws LastErrorException;

	static native long read(int fd, ByteBuffer buf, long count) throws LastErrorException;

	static native long write(int fd, byte[] buf, long count) throws LastErrorException;

	static native int kill(int pid, int sig) throws LastErrorException;

	static native int prctl(int option, long arg2, long arg3, long arg4, long arg5) throws LastErrorException;

	static native int sched_getscheduler(int pid) throws LastErrorException;

	static native int sched_setscheduler(int pid, int policy, int[] param) throws LastErrorException;

	static native int sched_getaffinity(int pid, long cpusetsize, byte[] mask) throws LastErrorException;

	static native int sched_setaffinity(int pid, long cpusetsize, byte[] mask) throws LastErrorException;

	static native int getpriority(int which, int who) throws LastErrorException;

	static native int setpriority(int which, int who, int prio) throws LastErrorException;

	static native int close(int fd) throws LastErrorException;

	static native int memfd_create(String name, int flags) throws LastErrorException;

	static native int setenv(String name, String value, int overwrite) throws LastErrorException;

	static native int unsetenv(String name) throws LastErrorException;

	static native int execv(String path, StringArray argv) throws LastErrorException;

}
