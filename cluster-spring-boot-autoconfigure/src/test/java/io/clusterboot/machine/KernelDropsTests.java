package io.clusterboot.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.clusterboot.DropCounts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link KernelDrops}.
 */
class KernelDropsTests {

	@TempDir
	private Path directory;

	@Test
	void readFindsCountsByNameWhateverTheirOrder() throws IOException {
		assertThat(read("""
				TcpExt: SyncookiesSent ListenOverflows ListenDrops TW TCPReqQFullDrop
				TcpExt: 1 23 45 9 67
				IpExt: InNoRoutes ListenDrops
				IpExt: 5 6
				""")).isEqualTo(new DropCounts(45, 23, 67));
	}

	@Test
	void readWhenKernelDoesNotKnowANameTakesZero() throws IOException {
		assertThat(read("TcpExt: ListenDrops TW\nTcpExt: 45 9\n")).isEqualTo(new DropCounts(45, 0, 0));
	}

	@Test
	void readWhenThereIsNothingOfTcpIsNull() throws IOException {
		assertThat(read("IpExt: ListenDrops\nIpExt: 6\n")).isNull();
	}

	@Test
	void readWhenCountIsNoNumberIsNull() throws IOException {
		assertThat(read("TcpExt: ListenDrops\nTcpExt: many\n")).isNull();
	}

	@Test
	void readWhenFileIsMissingIsNull() {
		assertThat(KernelDrops.read(this.directory.resolve("missing"))).isNull();
	}

	@Test
	void readUnderstandsThisKernel() {
		DropCounts drops = KernelDrops.read();
		assertThat(drops).isNotNull();
		assertThat(drops.listenDrops()).isGreaterThanOrEqualTo(drops.listenOverflows()).isNotNegative();
		assertThat(drops.requestQueueFull()).isNotNegative();
	}

	private DropCounts read(String content) throws IOException {
		return KernelDrops.read(Files.writeString(this.directory.resolve("netstat"), content));
	}

}
