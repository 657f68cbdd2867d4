package io.clusterboot.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.clusterboot.posix.ProcessSockets;

/**
 * The TCP ports that a process listens on, as the kernel tells them in {@code /proc}. Its
 * tables are those of {@code tcp4_seq_show} (net/ipv4/tcp_ipv4.c) and
 * {@code tcp6_seq_show} (net/ipv6/tcp_ipv6.c).
 */
public final class ListeningPorts {

	private static final String LISTEN = "0A";

	private static final int LOCAL = 1;

	private static final int STATE = 3;

	private static final int INODE = 9;

	private final Path proc;

	public ListeningPorts() {
		this(Path.of("/proc"));
	}

	ListeningPorts(Path proc) {
		this.proc = proc;
	}

	/**
	 * Find the ports of a process.
	 * @param pid its process id
	 * @return the ports that were certainly bound on purpose, which is none if this
	 * process may not look: without those from which the kernel takes one for whoever
	 * asks for any
	 */
	public SortedSet<Integer> chosenBy(long pid) {
		SortedSet<Integer> ports = new TreeSet<>();
		try {
			Path process = this.proc.resolve(String.valueOf(pid));
			Set<Long> sockets = ProcessSockets.of(process);
			for (String table : new String[] { "tcp", "tcp6" }) {
				Path rows = process.resolve("net").resolve(table);
				if (Files.exists(rows)) {
					collect(rows, sockets, ports);
				}
			}
			// Not readString, which begins with one byte, and gets no more of such a file
			String[] ephemeral = Files.readAllLines(this.proc.resolve("sys/net/ipv4/ip_local_port_range"))
				.get(0)
				.split("\\s+");
			ports.subSet(Integer.parseInt(ephemeral[0]), Integer.parseInt(ephemeral[1]) + 1).clear();
			return ports;
		}
		catch (IOException | RuntimeException ex) {
			return new TreeSet<>();
		}
	}

	private static void collect(Path table, Set<Long> sockets, Set<Integer> ports) throws IOException {
		try (Stream<String> rows = Files.lines(table, StandardCharsets.US_ASCII)) {
			rows.skip(1)
				.map((row) -> row.strip().split("\\s+"))
				.filter((row) -> row.length > INODE && LISTEN.equals(row[STATE])
						&& sockets.contains(Long.valueOf(row[INODE])))
				.map((row) -> row[LOCAL])
				.forEach((local) -> ports.add(Integer.parseInt(local.substring(local.indexOf(':') + 1), 16)));
		}
	}

}
