package io.clusterboot.actuate.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.clusterboot.posix.ProcessSockets;

/**
 * The workers and every process that they have started, as the kernel sees them.
 */
public class PrimaryDescendants {

	private final long primary;

	private final Sockets sockets;

	private final Rounds<Long, Boolean> rounds = new Rounds<>(this::hold);

	public PrimaryDescendants(long primary) {
		this(primary, ProcessSockets::of);
	}

	PrimaryDescendants(long primary, Sockets sockets) {
		this.primary = primary;
		this.sockets = sockets;
	}

	/**
	 * Return whether one of them has a socket open. Those of other users cannot be looked
	 * into, but then their sockets are other users' too.
	 * @param inode the number of the socket, as in {@code /proc/net/tcp}
	 * @return whether it is the socket of one of them
	 * @throws UncheckedIOException if it cannot be found out
	 */
	boolean hold(long inode) {
		return Boolean.TRUE.equals(this.rounds.ask(inode));
	}

	private Map<Long, Boolean> hold(Set<Long> inodes) {
		Set<Long> open = ProcessHandle.of(this.primary)
			.stream()
			.flatMap(ProcessHandle::descendants)
			.flatMap(this::sockets)
			.collect(Collectors.toSet());
		return inodes.stream().collect(Collectors.toMap(Function.identity(), open::contains));
	}

	private Stream<Long> sockets(ProcessHandle process) {
		try {
			return this.sockets.of(Path.of("/proc", Long.toString(process.pid()))).stream();
		}
		catch (AccessDeniedException ex) {
			return Stream.empty();
		}
		catch (IOException ex) {
			// Such as no descriptor being left to look with: who cannot be looked into
			// may
			// be the one
			if (process.isAlive()) {
				throw new UncheckedIOException(ex);
			}
			return Stream.empty();
		}
	}

	/**
	 * Finds the sockets of a process.
	 */
	interface Sockets {

		Set<Long> of(Path process) throws IOException;

	}

}
