package io.clusterboot.machine;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ListeningPorts}.
 */
class ListeningPortsTests {

	@TempDir
	private Path proc;

	private ListeningPorts ports;

	@BeforeEach
	void writeTables() throws IOException {
		Path net = Files.createDirectories(this.proc.resolve("7/net"));
		Path fd = Files.createDirectories(this.proc.resolve("7/fd"));
		Files.createSymbolicLink(fd.resolve("0"), Path.of("pipe:[1]"));
		for (int inode = 100; inode < 105; inode++) {
			Files.createSymbolicLink(fd.resolve(String.valueOf(inode)), Path.of("socket:[%d]".formatted(inode)));
		}
		Files.writeString(net.resolve("tcp"), """
				  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
				   0: 0100007F:2382 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 100 1 0
				   1: 0100007F:2383 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 101 1 0
				   2: 0100007F:2384 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 999 1 0
				   3: 0100007F:9C40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 102 1 0
				""");
		Files.writeString(net.resolve("tcp6"), """
				  sl  local_address                         remote_address                        st tx_queue rx_queue
				   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 103 1
				""");
		Path range = this.proc.resolve("sys/net/ipv4/ip_local_port_range");
		Files.createDirectories(range.getParent());
		Files.writeString(range, "32768\t60999\n");
		this.ports = new ListeningPorts(this.proc);
	}

	@Test
	void chosenByFindsWhatTheProcessListensOnBesideTheKernelsChoice() {
		assertThat(this.ports.chosenBy(7)).containsExactly(0x1F90, 0x2382);
	}

	@Test
	void chosenByWhenNobodyMayLookFindsNothing() {
		assertThat(this.ports.chosenBy(8)).isEmpty();
	}

	@Test
	void chosenByWhenPortWasAnyDoesNotFindIt() throws IOException {
		try (ServerSocket socket = new ServerSocket()) {
			socket.bind(new InetSocketAddress("127.0.0.1", 0));
			assertThat(new ListeningPorts().chosenBy(ProcessHandle.current().pid()))
				.doesNotContain(socket.getLocalPort());
		}
	}

}
