package io.clusterboot.posix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The sockets that a process has open, by the numbers under which the kernel's tables
 * such as {@code /proc/net/tcp} list them; see {@code /proc/pid/fd} in proc(5).
 */
public final class ProcessSockets {

	private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");

	private ProcessSockets() {
	}

	/**
	 * Find the sockets of a process.
	 * @param process the directory of the process in {@code /proc}
	 * @return the numbers of its sockets
	 * @throws IOException if the process is gone or another user's
	 */
	public static Set<Long> of(Path process) throws IOException {
		try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
			return descriptors.map(ProcessSockets::target)
				.map(SOCKET::matcher)
				.filter(Matcher::matches)
				.map((socket) -> Long.parseLong(socket.group(1)))
				.collect(Collectors.toSet());
		}
		catch (UncheckedIOException ex) {
			// Ended while its descriptors were listed
			throw ex.getCause();
		}
	}

	/**
	 * Return whether a process has a socket open.
	 * @param process the directory of the process in {@code /proc}
	 * @param socket the number of the socket
	 * @return whether it has, {@code false} if the process is gone or another user's
	 */
	public static boolean isOpen(Path process, long socket) {
		try {
			return of(process).contains(socket);
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static String target(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString();
		}
		catch (IOException ex) {
			// Closed by now
			return "";
		}
	}

}
