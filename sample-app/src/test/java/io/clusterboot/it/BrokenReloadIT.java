package io.clusterboot.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.clusterboot.it.load.Failure;
import io.clusterboot.it.variant.DyingAutoConfiguration;
import io.clusterboot.it.variant.ErringAutoConfiguration;
import io.clusterboot.it.variant.ExitingAutoConfiguration;
import io.clusterboot.it.variant.FailingAutoConfiguration;
import io.clusterboot.it.variant.HangingAutoConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reloads with a jar that must never go live, or not for long, while requests come all
 * the time.
 */
class BrokenReloadIT {

	private static final int CLIENTS = 100;

	private static final String ROLLING = "{\"strategy\":\"rolling\"}";

	private static final String PARALLEL = "{\"strategy\":\"parallel\"}";

	@TempDir
	private static Path directory;

	private static Path live;

	private static ClusterProcess shared;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		live = SampleJar.copy(directory.resolve("live.jar"));
		shared = new ClusterLauncher(test).jar(live)
			.arguments("--cluster.reload.ready-timeout=25s", "--cluster.reload.soak=6s")
			.start();
		shared.awaitSettled();
	}

	@AfterAll
	static void stop() {
		shared.close();
	}

	@Test
	void jarThatExitsNeverGoesLive() throws Exception {
		assertNeverFailing(() -> {
			int[] codes = (Nightly.isIt()) ? new int[] { 0, 1, 3, 137 } : new int[] { 0, 137 };
			for (int code : codes) {
				Path jar = SampleJar.with(next(), ExitingAutoConfiguration.class,
						ExitingAutoConfiguration.CODE + "=" + code);
				String how = (code == 137) ? "SIGKILL (exit code 137)" : "exit code " + code;
				ClusterStatus after = assertNeverGoesLive(jar, ROLLING, "ended with " + how);
				assertThat(after.lastReload().output())
					.anyMatch((line) -> line.contains("This version exits with " + code));
				assertGoodJarGoesLiveEachTime();
			}
		});
	}

	@Test
	void jarWhoseContextFailsNeverGoesLive() throws Exception {
		assertNeverFailing(() -> {
			for (String body : List.of(ROLLING, PARALLEL)) {
				ClusterStatus after = assertNeverGoesLive(with(FailingAutoConfiguration.class), body,
						"ended with exit code 1");
				assertThat(after.lastReload().output()).anyMatch((line) -> line.contains("This version is broken"));
			}
			assertGoodJarGoesLiveEachTime();
		});
	}

	@Test
	void halfAJarAndNoJarAreRefused() throws Exception {
		assertNeverFailing(() -> {
			byte[] whole = Files.readAllBytes(SampleJar.original());
			Path half = Files.write(next(), Arrays.copyOf(whole, whole.length / 2));
			assertNeverGoesLive(half, ROLLING, "is not a complete archive");
			Files.delete(live);
			assertRefused(ROLLING, "does not exist");
			assertGoodJarGoesLive(PARALLEL);
		});
	}

	@Test
	void jarThatHangsNeverGoesLive() throws Exception {
		assertNeverFailing(() -> {
			ClusterStatus after = assertNeverGoesLive(with(HangingAutoConfiguration.class), ROLLING,
					"not ready within ");
			assertThat(after.lastReload().output()).anyMatch((line) -> line.contains("Starting"));
			assertGoodJarGoesLiveEachTime();
		});
	}

	@Test
	void jarThatDiesWhenItIsReadyDoesNotStayLive() throws Exception {
		Load.Result result = underLoad(() -> {
			ClusterStatus after = assertRolledBack(with(DyingAutoConfiguration.class));
			assertThat(after.lastReload().reason()).matches("worker \\d+ of slot 0 ended with exit code 1");
			assertThat(after.lastReload().output()).anyMatch((line) -> line.contains("This version dies"));
			assertGoodJarGoesLive(PARALLEL);
		});
		// What the worker that died had in its hands: at most one request of every client
		assertThat(result.failed()).as(result.output())
			.isLessThanOrEqualTo(CLIENTS)
			.isEqualTo(result.failed(Failure.RESET) + result.failed(Failure.CLOSED));
	}

	@Test
	void jarThatErrsDoesNotStayLive() throws Exception {
		AtomicInteger errors = new AtomicInteger();
		Load.Result result = underLoad(() -> {
			ClusterStatus after = assertRolledBack(with(ErringAutoConfiguration.class));
			Matcher reason = Pattern
				.compile("worker \\d+ of slot 0 answered (\\d+) of (\\d+) requests with 5xx, the others 0 of \\d+")
				.matcher(String.valueOf(after.lastReload().reason()));
			assertThat(reason.matches()).as(after.lastReload().reason()).isTrue();
			errors.set(Integer.parseInt(reason.group(1)));
			assertThat(errors).hasPositiveValue().hasValueLessThanOrEqualTo(Integer.parseInt(reason.group(2)));
			// The next canary is not judged by what this one did
			assertGoodJarGoesLive(ROLLING);
		});
		// The drain of the bad worker comes on top of what it was judged by
		assertThat(result.failed()).as(result.output())
			.isEqualTo(result.failed(Failure.STATUS))
			.isGreaterThanOrEqualTo(errors.get());
	}

	private void assertNeverFailing(Deployment deployment) throws Exception {
		Load.Result result = underLoad(deployment);
		assertThat(result.failed()).as(result.output()).isZero();
	}

	private Load.Result underLoad(Deployment deployment) throws Exception {
		long before = requests(shared.awaitSettled());
		try (Load load = Load.start(shared.port(), CLIENTS)) {
			shared.await("load", () -> requests(shared.status()) > before + Nightly.orElse(1000, 200));
			deployment.run();
			return load.stop();
		}
	}

	private long requests(ClusterStatus status) {
		return status.workers().stream().mapToLong(ClusterStatus.Worker::requests).sum();
	}

	private ClusterStatus assertNeverGoesLive(Path jar, String body, String reason) throws Exception {
		deploy(jar);
		ClusterStatus after = assertRefused(body, reason);
		// Only what was there before: the primary and its old workers
		shared.await("the new workers' end", () -> shared.processes().size() == 3);
		return after;
	}

	private ClusterStatus assertRefused(String body, String reason) {
		ClusterStatus before = shared.awaitSettled();
		ClusterStatus after = shared.awaitEndOfReload(shared.reload(body).id());
		assertThat(after.lastReload().status()).isEqualTo("failed");
		assertThat(after.lastReload().reason()).contains(reason);
		assertThat(after.pids()).isEqualTo(before.pids());
		assertThat(after.generation()).isEqualTo(before.generation());
		return after;
	}

	private ClusterStatus assertRolledBack(Path jar) throws Exception {
		ClusterStatus before = shared.awaitSettled();
		deploy(jar);
		ClusterStatus after = shared.awaitEndOfReload(shared.reload(ROLLING).id());
		assertThat(after.lastReload().status()).as(after.lastReload().reason()).isEqualTo("rolled-back");
		assertThat(after.generation()).isEqualTo(before.generation());
		// The canary was the only one of its kind, and who had its slot was parked
		assertThat(after.pids()).isEqualTo(before.pids());
		assertThat(after.workers()).allSatisfy((worker) -> assertThat(worker.state()).isEqualTo("ready"));
		int reload = after.lastReload().id();
		assertThat(Duration.between(logged("Reload " + reload + " failed"), logged("ready: opened again")))
			.isLessThan(Duration.ofSeconds(1));
		shared.await("the canary's end", () -> shared.processes().size() == 3);
		return after;
	}

	// Else that is shown once for those that never went live
	private void assertGoodJarGoesLiveEachTime() throws Exception {
		if (Nightly.isIt()) {
			assertGoodJarGoesLive(PARALLEL);
		}
	}

	// Parallel is faster, and has no canary
	private void assertGoodJarGoesLive(String body) throws Exception {
		ClusterStatus before = shared.awaitSettled();
		String version = "after-" + before.generation();
		deploy(SampleJar.version(next(), version));
		ClusterStatus after = shared.awaitReload(shared.reload(body).id());
		assertThat(after.pids()).doesNotContainAnyElementsOf(before.pids());
		assertThat(shared.get("/").said("version")).isEqualTo(version);
	}

	private OffsetDateTime logged(String text) {
		List<String> times = shared.output().groups("(\\S+) .*" + text).toList();
		return OffsetDateTime.parse(times.get(times.size() - 1));
	}

	private Path with(Class<?> autoConfiguration) throws Exception {
		return SampleJar.with(next(), autoConfiguration);
	}

	private Path next() {
		return directory.resolve("next.jar");
	}

	private void deploy(Path jar) throws Exception {
		Files.move(jar, live, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
	}

	/**
	 * What is done while requests come.
	 */
	@FunctionalInterface
	private interface Deployment {

		void run() throws Exception;

	}

}
