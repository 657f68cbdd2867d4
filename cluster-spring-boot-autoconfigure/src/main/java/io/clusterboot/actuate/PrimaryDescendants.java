package io.clusterboot.actuate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The workers and every process that they have started, as the kernel sees them.
 */
class PrimaryDescendants {

	private final long primary;

	PrimaryDescendants(long primary) {
		this.primary = primary;
	}

	/**
	 * Return whether one of them has a socket open. Those of other users cannot be looked
	 * into, but then their sockets are other users' too.
	 * @param inode the number of the socket, as in {@code /proc/net/tcp}
	 * @return whether it is the socket of one of them
	 */
	boolean hold(long inode) {
		Path socket = Path.of("socket:[%d]".formatted(inode));
		return ProcessHandle.of(this.primary)
			.stream()
			.flatMap(ProcessHandle::descendants)
			.anyMatch((process) -> holds(process, socket));
	}

	private static boolean holds(ProcessHandle process, Path socket) {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
			return descriptors.anyMatch((descriptor) -> isLink(descriptor, socket));
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static boolean isLink(Path descriptor, Path target) {
		try {
			return Files.readSymbolicLink(descriptor).equals(target);
		}
		catch (IOException ex) {
			return false;
		}
	}

}
