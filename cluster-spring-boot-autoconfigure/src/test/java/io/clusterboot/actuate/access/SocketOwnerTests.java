package io.clusterboot.actuate.access;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests for {@link SocketOwner}.
 */
class SocketOwnerTests {

	private static final String HEADER = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when "
			+ "retrnsmt   uid  timeout inode\n";

	// 127.0.0.1:40000 to 127.0.0.1:8080 by user 1000; its other end by user 2000; and
	// the listening socket
	private static final String IPV4 = HEADER
			+ """
					   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  2000        0 1578 1 0 100 0 0 10 0
					   1: 0100007F:9C40 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 1600 1 0 20 4 30 10 -1
					   2: 0100007F:1F90 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  2000        0 1601 1 0 20 4 30 10 -1
					""";

	private static final String ROW = "   1: 0100007F:9C40 0100007F:1F90 %s 00000000:00000000 00:00000000 00000000"
			+ " %5s        0 %s 1 0 20 4 30 10 -1\n";

	@TempDir
	private Path directory;

	@Test
	void uidFindsOwnerOfTheCallersEndAndNotOfOurs() throws Exception {
		write("tcp", IPV4);
		assertThat(uid("127.0.0.1", 40000, "127.0.0.1", 8080)).hasValue(1000L);
	}

	@Test
	void uidFindsOwnerOfIpv6Connection() throws Exception {
		write("tcp6",
				HEADER + """
						   0: 00000000000000000000000001000000:9C40 00000000000000000000000001000000:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 1700 1 0 20 4 30 10 -1
						   1: B80D0120000000000000000001000000:9C41 B80D0120000000000000000002000000:1F90 01 00000000:00000000 00:00000000 00000000  1002        0 1701 1 0 20 4 30 10 -1
						""");
		assertThat(uid("::1", 40000, "::1", 8080)).hasValue(1001L);
		assertThat(uid("2001:db8::1", 40001, "2001:db8::2", 8080)).hasValue(1002L);
	}

	@Test
	void uidFindsOwnerOfIpv4ConnectionOfAnIpv6Socket() throws Exception {
		write("tcp", HEADER);
		write("tcp6",
				HEADER + """
						   0: 0000000000000000FFFF00000100007F:9C40 0000000000000000FFFF00000100007F:1F90 01 00000000:00000000 00:00000000 00000000  1003        0 1700 1 0 20 4 30 10 -1
						""");
		assertThat(uid("127.0.0.1", 40000, "127.0.0.1", 8080)).hasValue(1003L);
	}

	@Test
	void uidOnBigEndianMachineReadsWordsInItsOrder() throws Exception {
		write("tcp",
				HEADER + """
						   1: 7F000001:9C40 7F000001:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 1600 1 0 20 4 30 10 -1
						""");
		assertThat(new SocketOwner(this.directory, ByteOrder.BIG_ENDIAN).find(address("127.0.0.1", 40000),
				address("127.0.0.1", 8080)))
			.hasValue(new SocketOwner.Owner(1000, 1600));
	}

	@ParameterizedTest
	@CsvSource({ "127.0.0.1, 40001, 127.0.0.1, 8080", "127.0.0.2, 40000, 127.0.0.1, 8080",
			"127.0.0.1, 40000, 127.0.0.1, 8081", "127.0.0.1, 40000, 127.0.0.2, 8080" })
	void uidWhenAnyPartOfTheConnectionDiffersIsEmpty(String local, int localPort, String remote, int remotePort)
			throws Exception {
		write("tcp", IPV4);
		assertThat(uid(local, localPort, remote, remotePort)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "02", "03", "04", "05", "06", "07", "08", "09", "0A", "0B", "0C" })
	void uidWhenConnectionIsNotEstablishedIsEmptyAndNotRoot(String state) throws Exception {
		write("tcp", HEADER + ROW.formatted(state, "0", "0"));
		assertThat(uid("127.0.0.1", 40000, "127.0.0.1", 8080)).isEmpty();
		write("tcp", HEADER + ROW.formatted(state, "1000", "1600"));
		assertThat(uid("127.0.0.1", 40000, "127.0.0.1", 8080)).isEmpty();
	}

	@Test
	void uidWhenSocketIsOrphanedIsEmptyAndNotRoot() throws Exception {
		write("tcp", HEADER + ROW.formatted("01", "0", "0"));
		assertThat(uid("127.0.0.1", 40000, "127.0.0.1", 8080)).isEmpty();
	}

	@Test
	void uidWhenSocketBelongsToRootIsRoot() throws Exception {
		write("tcp", HEADER + ROW.formatted("01", "0", "1600"));
		assertThat(uid("127.0.0.1", 40000, "127.0.0.1", 8080)).hasValue(0L);
	}

	@Test
	void uidWhenRowsDisagreeIsEmpty() throws Exception {
		write("tcp", HEADER + ROW.formatted("01", "1000", "1600") + ROW.formatted("01", "0", "1601"));
		assertThat(uid("127.0.0.1", 40000, "127.0.0.1", 8080)).isEmpty();
		write("tcp", HEADER + ROW.formatted("01", "1000", "1600") + ROW.formatted("06", "0", "0"));
		assertThat(uid("127.0.0.1", 40000, "127.0.0.1", 8080)).isEmpty();
	}

	@Test
	void uidWhenManyAskAtTheSameTimeIsThatOfEach() throws Exception {
		write("tcp", IntStream.range(0, 20)
			.mapToObj((i) -> "   1: 0100007F:%04X 0100007F:1F90 01 0:0 00:0 0  %d        0 1600 1 0 20 4 30 10 -1\n"
				.formatted(40000 + i, 1000 + i))
			.collect(Collectors.joining("", HEADER, "")));
		SocketOwner owner = new SocketOwner(this.directory, ByteOrder.LITTLE_ENDIAN);
		InetSocketAddress remote = address("127.0.0.1", 8080);
		List<CompletableFuture<Optional<SocketOwner.Owner>>> owners = IntStream.range(0, 20)
			.mapToObj((i) -> new InetSocketAddress("127.0.0.1", 40000 + i))
			.map((local) -> CompletableFuture.supplyAsync(() -> owner.find(local, remote)))
			.toList();
		for (int i = 0; i < 20; i++) {
			assertThat(owners.get(i).get()).map(SocketOwner.Owner::uid).hasValue(1000L + i);
		}
	}

	@Test
	void uidWhenThereAreNoTablesIsEmpty() throws Exception {
		assertThat(uid("127.0.0.1", 40000, "127.0.0.1", 8080)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "127.0.0.1, 127.0.0.1", "::1, ::1", "::, 127.0.0.1", "::, ::1" })
	void uidOnThisMachineFindsOurselvesForAsLongAsWeAreConnected(String listen, String connect) throws Exception {
		assumeThat(Files.exists(Path.of("/proc/net/tcp6"))).isTrue();
		int ownUid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
		SocketOwner owner = new SocketOwner();
		try (ServerSocketChannel server = ServerSocketChannel.open().bind(address(listen, 0));
				SocketChannel client = SocketChannel.open(address(connect, server.socket().getLocalPort()));
				SocketChannel accepted = server.accept()) {
			InetSocketAddress peer = (InetSocketAddress) accepted.getRemoteAddress();
			InetSocketAddress ours = (InetSocketAddress) accepted.getLocalAddress();
			assertThat(owner.find(peer, ours)).map(SocketOwner.Owner::uid).hasValue((long) ownUid);
			client.socket().close();
			assertThat(owner.find(peer, ours)).isEmpty();
		}
	}

	private void write(String table, String content) throws IOException {
		Files.writeString(this.directory.resolve(table), content);
	}

	private Optional<Long> uid(String local, int localPort, String remote, int remotePort) throws IOException {
		return new SocketOwner(this.directory, ByteOrder.LITTLE_ENDIAN)
			.find(address(local, localPort), address(remote, remotePort))
			.map(SocketOwner.Owner::uid);
	}

	private static InetSocketAddress address(String address, int port) throws IOException {
		return new InetSocketAddress(InetAddress.getByName(address), port);
	}

}
