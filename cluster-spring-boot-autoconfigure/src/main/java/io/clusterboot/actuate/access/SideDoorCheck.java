package io.clusterboot.actuate.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Lets in by the side door of a worker whoever could have made themselves at home in it
 * anyway: its own user, the primary's and root.
 */
public final class SideDoorCheck implements Predicate<SocketChannel> {

	private static final Path UID_MAP = Path.of("/proc/self/uid_map");

	private final SocketOwner socketOwner = new SocketOwner();

	@Override
	public boolean test(SocketChannel connection) {
		try {
			InetSocketAddress peer = (InetSocketAddress) connection.getRemoteAddress();
			InetSocketAddress door = (InetSocketAddress) connection.getLocalAddress();
			return peer != null && Boolean.TRUE.equals(isAtHome(peer, door));
		}
		catch (IOException | UncheckedIOException ex) {
			return false;
		}
	}

	/**
	 * Return whether one end of a connection belongs to somebody who may come in, as the
	 * door of a sibling does.
	 * @param end the end that is asked about
	 * @param other the other end
	 * @return whether it does, or {@code null} if it is nobody's, as long as nobody has
	 * accepted it
	 * @throws IOException if that cannot be found out
	 */
	public @Nullable Boolean isAtHome(InetSocketAddress end, InetSocketAddress other) throws IOException {
		SocketOwner.Owner owner = this.socketOwner.find(end, other).orElse(null);
		return (owner != null) ? mayEnter(owner.uid()) : null;
	}

	private static boolean mayEnter(long uid) throws IOException {
		return (uid == CallerCheck.ROOT || uid == CallerCheck.readUid("self")
				|| uid == CallerCheck.readUid(CallerCheck.primaryOr("self")))
				&& (uid != CallerCheck.overflowUid() || everyUserHasANumber());
	}

	// Not in a user namespace: then a user may really have the number that is shown for
	// those who have none, as 'nobody' does
	private static boolean everyUserHasANumber() throws IOException {
		return Files.readAllLines(UID_MAP, StandardCharsets.US_ASCII)
			.stream()
			.anyMatch((line) -> line.matches("\\s*0\\s+0\\s+4294967295\\s*"));
	}

}
