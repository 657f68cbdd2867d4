package io.clusterboot.actuate.access;

import java.nio.file.Path;

import io.clusterboot.posix.ProcessSockets;

/**
 * The workers and every process that they have started, as the kernel sees them.
 */
public class PrimaryDescendants {

	private final long primary;

	public PrimaryDescendants(long primary) {
		this.primary = primary;
	}

	/**
	 * Return whether one of them has a socket open. Those of other users cannot be looked
	 * into, but then their sockets are other users' too.
	 * @param inode the number of the socket, as in {@code /proc/net/tcp}
	 * @return whether it is the socket of one of them
	 */
	boolean hold(long inode) {
		return ProcessHandle.of(this.primary)
			.stream()
			.flatMap(ProcessHandle::descendants)
			.map((process) -> Path.of("/proc", Long.toString(process.pid())))
			.anyMatch((process) -> ProcessSockets.isOpen(process, inode));
	}

}
