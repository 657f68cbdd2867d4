package io.clusterboot.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reloads with a jar that must never go live, or not for long, while requests come all
 * the time.
 */
@Tag("alone")
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

	@ParameterizedTest
	@CsvSource({ "0, exit code 0", "1, exit code 1", "3, exit code 3", "137, SIGKILL (exit code 137)" })
	void jarThatExitsNeverGoesLive(int code, String how) throws Exception {
		Path jar = SampleJar.with(directory.resolve("next.jar"), ExitingAutoConfiguration.class,
				ExitingAutoConfiguration.CODE + "=" + code);
		assertNeverGoesLive(jar, ROLLING, "ended with " + how, "This version exits with " + code);
	}

	@Test
	void jarWhoseContextFailsNeverGoesLive() throws Exception {
		assertNeverGoesLive(with(FailingAutoConfiguration.class), ROLLING, "ended with exit code 1",
				"This version is broken");
	}

	@Test
	void jarWhoseContextFailsNeverGoesLiveInParallelEither() throws Exception {
		assertNeverGoesLive(with(FailingAutoConfiguration.class), PARALLEL, "ended with exit code 1",
				"This version is broken");
	}

	@Test
	void jarThatHangsNeverGoesLive() throws Exception {
		assertNeverGoesLive(with(HangingAutoConfiguration.class), ROLLING, "not ready within 25", "Starting");
	}

	@Test
	void jarThatDiesWhenItIsReadyDoesNotStayLive() throws Exception {
		ClusterStatus before = shared.awaitSettled();
		try (Load load = Load.start(shared.port(), CLIENTS)) {
			ClusterStatus after = reload(with(DyingAutoConfiguration.class), ROLLING);
			assertRolledBack(before, after);
			assertThat(after.lastReload().reason()).matches("worker \\d+ of slot 0 ended with exit code 1");
			assertGoodJarGoesLive(before, ROLLING);
			Load.Result result = stop(load);
			assertThat(result.failed(Failure.STATUS)).as(result.output()).isZero();
			// What was in flight on the worker that died: at most one request of every
			// client
			assertThat(result.failed()).as(result.output()).isLessThanOrEqualTo(CLIENTS);
			assertThat(after.lastReload().output()).anyMatch((line) -> line.contains("This version dies"));
		}
	}

	@Test
	void jarThatErrsDoesNotStayLive() throws Exception {
		ClusterStatus before = shared.awaitSettled();
		try (Load load = Load.start(shared.port(), CLIENTS)) {
			ClusterStatus after = reload(with(ErringAutoConfiguration.class), ROLLING);
			assertRolledBack(before, after);
			Matcher reason = Pattern
				.compile("worker \\d+ of slot 0 answered (\\d+) of (\\d+) requests with 5xx, " + "the others 0 of \\d+")
				.matcher(String.valueOf(after.lastReload().reason()));
			assertThat(reason.matches()).as(after.lastReload().reason()).isTrue();
			long errors = Long.parseLong(reason.group(1));
			assertThat(errors).isPositive().isLessThanOrEqualTo(Long.parseLong(reason.group(2)));
			assertGoodJarGoesLive(before, ROLLING);
			Load.Result result = stop(load);
			// The drain of the bad worker comes on top of what it was judged by
			assertThat((long) result.failed()).as(result.output())
				.isEqualTo(result.failed(Failure.STATUS))
				.isGreaterThanOrEqualTo(errors);
		}
	}

	private void assertNeverGoesLive(Path jar, String body, String reason, String output) throws Exception {
		ClusterStatus before = shared.awaitSettled();
		try (Load load = Load.start(shared.port(), CLIENTS)) {
			ClusterStatus after = reload(jar, body);
			assertThat(after.lastReload().status()).isEqualTo("failed");
			assertThat(after.lastReload().reason()).contains(reason);
			assertThat(after.pids()).isEqualTo(before.pids());
			assertThat(after.generation()).isEqualTo(before.generation());
			// Only what was there before: the primary and its old workers
			shared.await("the new workers' end", () -> shared.processes().size() == 3);
			// Parallel is faster, and has no canary
			assertGoodJarGoesLive(before, PARALLEL);
			Load.Result result = stop(load);
			assertThat(result.failed()).as(result.output()).isZero();
			assertThat(after.lastReload().output()).anyMatch((line) -> line.contains(output));
		}
	}

	private void assertRolledBack(ClusterStatus before, ClusterStatus after) {
		assertThat(after.lastReload().status()).as(after.lastReload().reason()).isEqualTo("rolled-back");
		assertThat(after.generation()).isEqualTo(before.generation());
		assertThat(after.workers()).hasSize(2)
			.allSatisfy((worker) -> assertThat(worker.generation()).isEqualTo(before.generation()));
		// The canary was the only one of its kind
		assertThat(after.pids()).contains(before.worker(1).pid());
		shared.await("the canary's end", () -> shared.processes().size() == 3);
	}

	private void assertGoodJarGoesLive(ClusterStatus before, String body) throws Exception {
		String version = "after-" + before.generation();
		ClusterStatus after = reload(SampleJar.with(directory.resolve("next.jar"), "application.properties",
				"sample.version=" + version + "\n", null), body);
		assertThat(after.lastReload().status()).as(after.lastReload().reason()).isEqualTo("succeeded");
		assertThat(after.pids()).doesNotContainAnyElementsOf(before.pids());
		assertThat(shared.get("/").said("version")).isEqualTo(version);
	}

	private Path with(Class<?> autoConfiguration) throws Exception {
		return SampleJar.with(directory.resolve("next.jar"), autoConfiguration);
	}

	private ClusterStatus reload(Path jar, String body) throws Exception {
		Files.move(jar, live, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		return shared.awaitEndOfReload(shared.reload(body).id());
	}

	private Load.Result stop(Load load) {
		Load.Result result = load.stop();
		assertThat(result.complete()).as(result.output()).isGreaterThan(1000);
		return result;
	}

}
