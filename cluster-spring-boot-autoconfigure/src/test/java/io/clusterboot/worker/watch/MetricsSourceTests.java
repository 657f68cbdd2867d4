package io.clusterboot.worker.watch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.clusterboot.RequestTimes;
import io.clusterboot.ResponseCounts;
import io.clusterboot.WorkerMetrics;
import io.clusterboot.worker.StubServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MetricsSource}.
 */
class MetricsSourceTests {

	private static final int MEGABYTE = 1024 * 1024;

	private final MetricsSource source = new MetricsSource();

	@Test
	void metricsWhenThereIsNoServerAreThoseOfTheJvm() {
		WorkerMetrics metrics = this.source.metrics(null);
		assertThat(metrics.heapUsed()).isBetween(MEGABYTE / 2L, Runtime.getRuntime().maxMemory());
		assertThat(metrics.threads()).isPositive();
		assertThat(metrics.cpuTime()).isPositive();
		assertThat(metrics.connections()).isZero();
		assertThat(metrics.requestsInFlight()).isZero();
		assertThat(metrics.responses()).isEqualTo(ResponseCounts.NONE);
		assertThat(metrics.requestTimes()).isEqualTo(RequestTimes.NONE);
	}

	@Test
	void metricsWhenThereIsAServerAreItsToo() {
		StubServer server = new StubServer();
		server.responses = new ResponseCounts(1, 2, 3, 4, 5);
		server.requestTimes = new RequestTimes(Duration.ofSeconds(3),
				Collections.nCopies(RequestTimes.BOUNDS_MILLIS.size() + 1, 1L));
		WorkerMetrics metrics = this.source.metrics(server);
		assertThat(metrics.connections()).isEqualTo(7);
		assertThat(metrics.requestsInFlight()).isEqualTo(3);
		assertThat(metrics.responses()).isEqualTo(server.responses);
		assertThat(metrics.requestTimes()).isEqualTo(server.requestTimes);
	}

	@Test
	void residentSetIsWhatTheProcessOccupies() throws IOException {
		long pages = Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]);
		assertThat(this.source.metrics(null).residentSet()).isBetween(pages * 4096 - 64L * MEGABYTE,
				pages * 4096 + 64L * MEGABYTE);
	}

	@Test
	void openFilesAreThoseOfTheProcess(@TempDir Path directory) throws IOException {
		long before = this.source.metrics(null).openFiles();
		List<OutputStream> files = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			files.add(Files.newOutputStream(directory.resolve("file-" + i)));
		}
		assertThat(this.source.metrics(null).openFiles()).isBetween(before + 40, before + 60);
		for (OutputStream file : files) {
			file.close();
		}
	}

	@Test
	void heapAfterGcIsWhatACollectionOfTheYoungGenerationLeft() {
		byte[] kept = new byte[16 * MEGABYTE];
		System.gc();
		long full = this.source.metrics(null).heapAfterGc();
		assertThat(full).isGreaterThan(kept.length);
		byte[][] also = new byte[64][];
		for (int i = 0; i < also.length; i++) {
			also[i] = new byte[MEGABYTE / 2];
		}
		long collected = this.source.gcTime().toMillis();
		Awaitility.await().pollInSameThread().until(() -> {
			long garbage = 0;
			for (int i = 0; i < 4096; i++) {
				garbage += new byte[10 * 1024].length;
			}
			return garbage > 0 && this.source.gcTime().toMillis() > collected;
		});
		assertThat(this.source.metrics(null).heapAfterGc()).isGreaterThan(full + 16L * MEGABYTE);
		assertThat(kept.length + also.length).isPositive();
	}

	@Test
	void cpuTimeGrowsWithWork() {
		Duration before = this.source.metrics(null).cpuTime();
		Awaitility.await().pollInSameThread().until(() -> {
			double sum = 0;
			for (int i = 1; i < 100_000; i++) {
				sum += Math.sqrt(i);
			}
			return sum > 0 && this.source.metrics(null).cpuTime().minus(before).toMillis() > 50;
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "G1 Young Generation", "G1 Old Generation", "Copy", "MarkSweepCompact", "PS Scavenge",
			"PS MarkSweep", "ZGC Pauses", "ZGC Minor Pauses", "ZGC Major Pauses", "Shenandoah Pauses" })
	void stopsWhenCollectorStopsTheApplicationIsTrue(String collector) {
		assertThat(MetricsSource.stops(collector)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "G1 Concurrent GC", "ZGC Cycles", "ZGC Minor Cycles", "ZGC Major Cycles", "Shenandoah Cycles" })
	void stopsWhenApplicationRunsMeanwhileIsFalse(String collector) {
		assertThat(MetricsSource.stops(collector)).isFalse();
	}

}
