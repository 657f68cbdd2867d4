package io.clusterboot.it;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.stream.Stream;

import io.clusterboot.it.variant.HarmlessErrorAutoConfiguration;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that loses a thread nobody needs serves on, and can be reloaded; one
 * that loses its classes is replaced.
 */
class HarmlessErrorIT {

	private static final int WORKERS = Nightly.orElse(4, 1);

	private static final Duration QUIET = Nightly.orElse(Duration.ofMinutes(2), Duration.ofSeconds(3));

	@Test
	void errorThatEveryWorkerRepeatsIsIgnoredAndFailsNoReload(TestInfo test, @TempDir Path directory) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test).with(directory, HarmlessErrorAutoConfiguration.class)
			.workers(String.valueOf(WORKERS))
			.arguments("--cluster.respawn.max-delay=500ms", "--cluster.reload.train=off", "--cluster.reload.soak=3s")
			.start()) {
			cluster.awaitOutput(" ERROR .* reports what fresh workers did before: .* optional/Native.* is ignored");
			ClusterStatus before = cluster.awaitSettled();
			assertThat(before.workers())
				.allSatisfy((worker) -> assertThat(worker.id()).isLessThanOrEqualTo(3 + 2 * WORKERS));
			assertUnchanged(cluster, before);
			int id = cluster.reload("{\"strategy\":\"rolling\"}").id();
			ClusterStatus after = cluster.awaitEndOfReload(id);
			assertThat(after.lastReload().status()).as(after.lastReload().reason()).isEqualTo("succeeded");
			assertUnchanged(cluster, cluster.awaitSettled());
			assertThat(cluster.output().lines(" ERROR .* reports ")).hasSize(1);
			assertThat(cluster.output().lines(" reports: .*; ignored")).hasSizeGreaterThanOrEqualTo(WORKERS);
		}
	}

	@Test
	void workerThatCanLoadNoClassAnyMoreIsReplaced(TestInfo test, @TempDir Path directory) throws Exception {
		Path jar = SampleJar.copy(directory.resolve("app.jar"));
		try (ClusterProcess cluster = new ClusterLauncher(test).jar(jar)
			.workers("1")
			.arguments("--cluster.reload.train=off", "--cluster.respawn.max-delay=500ms", "--cluster.drain.timeout=1s")
			.start()) {
			ClusterStatus before = cluster.awaitSettled();
			Path copy = onlyCopy(directory);
			overwrite(copy, new byte[(int) Files.size(jar)]);
			cluster.await("report of the worker", () -> {
				requestWhatNeedsNewClasses(cluster);
				return cluster.output().has(" reports: Thread .* ended with .*Error");
			});
			overwrite(copy, Files.readAllBytes(jar));
			cluster.await("a worker that has its classes", () -> {
				ClusterStatus status = cluster.status();
				return status.isSettled() && !status.pids().equals(before.pids());
			});
			assertThat(cluster.get("/nosuch").status()).isEqualTo(404);
		}
	}

	private static Path onlyCopy(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.filter((file) -> file.getFileName().toString().contains(".generation-1"))
				.reduce((one, other) -> Assertions.fail("%s and %s", one, other))
				.orElseThrow();
		}
	}

	// In place, as cat does
	private static void overwrite(Path file, byte[] content) throws IOException {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
			channel.write(ByteBuffer.wrap(content));
		}
	}

	// There is no answer: the thread ends
	private static void requestWhatNeedsNewClasses(ClusterProcess cluster) throws IOException {
		try (Socket socket = new Socket("localhost", cluster.port())) {
			socket.getOutputStream()
				.write("GET /nosuch HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			socket.setSoTimeout(500);
			socket.getInputStream().read();
		}
		catch (SocketTimeoutException ex) {
			// as expected
		}
	}

	private static void assertUnchanged(ClusterProcess cluster, ClusterStatus before) {
		Awaitility.await("nobody is replaced, see " + cluster.output().file())
			.pollInterval(Duration.ofMillis(200))
			.during(QUIET)
			.atMost(QUIET.plusSeconds(20))
			.untilAsserted(() -> assertThat(cluster.status().pids()).isEqualTo(before.pids()));
	}

}
