package io.clusterboot.actuate.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the owner of one end of a TCP connection, from the kernel's tables of this
 * network namespace.
 * <p>
 * The rows are written by {@code get_tcp4_sock} (net/ipv4/tcp_ipv4.c) and
 * {@code get_tcp6_sock} (net/ipv6/tcp_ipv6.c): an address is one or four 32-bit words,
 * each printed in hexadecimal as a number of this machine's byte order, although the
 * memory behind it is in network byte order. A port is an ordinary number in hexadecimal.
 */
public final class SocketOwner {

	private static final String ESTABLISHED = "01";

	private static final int LOCAL = 1;

	private static final int REMOTE = 2;

	private static final int STATE = 3;

	private static final int UID = 7;

	private static final int INODE = 9;

	private final List<Path> tables;

	private final ByteOrder byteOrder;

	private final Rounds<Connection, Owner> rounds = new Rounds<>(this::find);

	public SocketOwner() {
		this(Path.of("/proc/net"), ByteOrder.nativeOrder());
	}

	public SocketOwner(Path directory, ByteOrder byteOrder) {
		this.tables = List.of(directory.resolve("tcp"), directory.resolve("tcp6"));
		this.byteOrder = byteOrder;
	}

	/**
	 * Return who owns the local end of a connection.
	 * @param local the end that is asked about
	 * @param remote the other end
	 * @return the owner, or empty if there is no such connection on this host, if it is
	 * not established any more or if its owner is not certain
	 * @throws UncheckedIOException if the tables cannot be read
	 */
	Optional<Owner> find(InetSocketAddress local, InetSocketAddress remote) {
		return Optional.ofNullable(this.rounds.ask(new Connection(local, remote)));
	}

	private Map<Connection, Owner> find(Set<Connection> connections) {
		Map<Connection, Set<Optional<Owner>>> owners = new HashMap<>();
		for (Path table : this.tables) {
			if (Files.exists(table)) {
				collectOwners(table, connections, owners);
			}
		}
		Map<Connection, Owner> certain = new HashMap<>();
		owners.forEach((connection, all) -> {
			if (all.size() == 1) {
				all.iterator().next().ifPresent((owner) -> certain.put(connection, owner));
			}
		});
		return certain;
	}

	private void collectOwners(Path table, Set<Connection> connections, Map<Connection, Set<Optional<Owner>>> owners) {
		// Most rows need not be taken apart
		Set<String> ports = connections.stream()
			.map((connection) -> "%04X".formatted(connection.local().getPort()))
			.collect(Collectors.toSet());
		try (Stream<String> rows = Files.lines(table, StandardCharsets.US_ASCII)) {
			rows.skip(1)
				.filter((row) -> ports.contains(localPort(row)))
				.map((row) -> row.strip().split("\\s+"))
				.filter((row) -> row.length > INODE)
				.forEach((row) -> {
					Connection connection = new Connection(parse(row[LOCAL]), parse(row[REMOTE]));
					if (connections.contains(connection)) {
						owners.computeIfAbsent(connection, (key) -> new HashSet<>()).add(owner(row));
					}
				});
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	// Behind the second colon, which comes after the number of the row and the address
	private static String localPort(String row) {
		int port = row.indexOf(':', row.indexOf(':') + 1) + 1;
		return row.substring(port, Math.min(port + 4, row.length()));
	}

	// A socket that its process has closed has no owner, but the kernel prints user 0 for
	// it (so does get_timewait4_sock): only the state and the inode tell it from a socket
	// of root.
	private Optional<Owner> owner(String[] row) {
		if (!ESTABLISHED.equals(row[STATE]) || "0".equals(row[INODE])) {
			return Optional.empty();
		}
		return Optional.of(new Owner(Long.parseLong(row[UID]), Long.parseLong(row[INODE])));
	}

	private InetSocketAddress parse(String field) {
		int colon = field.indexOf(':');
		return new InetSocketAddress(parseAddress(field.substring(0, colon)),
				Integer.parseInt(field, colon + 1, field.length(), 16));
	}

	private InetAddress parseAddress(String words) {
		ByteBuffer bytes = ByteBuffer.allocate(words.length() / 2).order(this.byteOrder);
		for (int i = 0; i < words.length(); i += 8) {
			bytes.putInt(Integer.parseUnsignedInt(words, i, i + 8, 16));
		}
		try {
			// Makes an IPv4 address of an IPv4-mapped IPv6 one, as the JDK does for a
			// socket's own addresses.
			return InetAddress.getByAddress(bytes.array());
		}
		catch (UnknownHostException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A connection, seen from one of its ends.
	 *
	 * @param local this end
	 * @param remote the other end
	 */
	private record Connection(InetSocketAddress local, InetSocketAddress remote) {

	}

	/**
	 * Who owns a socket.
	 *
	 * @param uid the user id
	 * @param inode the number of the socket
	 */
	record Owner(long uid, long inode) {

	}

}
