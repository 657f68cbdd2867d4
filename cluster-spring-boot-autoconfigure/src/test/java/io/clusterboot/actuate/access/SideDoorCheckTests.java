package io.clusterboot.actuate.access;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests for {@link SideDoorCheck}.
 */
class SideDoorCheckTests {

	private final SideDoorCheck check = new SideDoorCheck();

	private ServerSocketChannel door;

	@BeforeEach
	void open() throws IOException {
		this.door = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
	}

	@AfterEach
	void close() throws IOException {
		this.door.close();
	}

	@Test
	void ownUserIsLetIn() throws IOException {
		try (SocketChannel client = SocketChannel.open(this.door.getLocalAddress());
				SocketChannel accepted = this.door.accept()) {
			assertThat(client.isConnected()).isTrue();
			assertThat(this.check.test(accepted)).isTrue();
		}
	}

	@Test
	void whoeverHasGoneIsNotLetIn() throws IOException {
		try (SocketChannel client = SocketChannel.open(this.door.getLocalAddress());
				SocketChannel accepted = this.door.accept()) {
			client.socket().close();
			assertThat(this.check.test(accepted)).isFalse();
		}
	}

	@Test
	void anotherUserIsNotLetIn() throws Exception {
		assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid")).isEqualTo(0);
		Process curl = new ProcessBuilder("setpriv", "--reuid=65000", "--clear-groups", "curl", "--silent",
				"http://127.0.0.1:" + this.door.socket().getLocalPort())
			.start();
		try (SocketChannel accepted = this.door.accept()) {
			assertThat(this.check.test(accepted)).isFalse();
		}
		finally {
			curl.destroyForcibly();
		}
	}

}
