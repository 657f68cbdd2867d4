package io.clusterboot.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

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
 * Reloads with a jar that must never go live.
 */
class BrokenReloadIT {

	@TempDir
	private static Path directory;

	private static Path live;

	private static ClusterProcess shared;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		live = SampleJar.copy(directory.resolve("live.jar"));
		shared = new ClusterLauncher(test).jar(live).arguments("--cluster.reload.ready-timeout=20s").start();
		shared.awaitSettled();
	}

	@AfterAll
	static void stop() {
		shared.close();
	}

	@Test
	void jarWhoseContextFailsNeverGoesLive() throws Exception {
		assertNeverGoesLive(FailingAutoConfiguration.class, "", "exit code 1");
		assertThat(shared.output().text()).contains("This version is broken");
	}

	@Test
	void jarThatHangsNeverGoesLive() throws Exception {
		assertNeverGoesLive(HangingAutoConfiguration.class, "", "not ready within 20");
	}

	@Test
	void jarThatExitsThreeNeverGoesLive() throws Exception {
		assertNeverGoesLive(ExitingAutoConfiguration.class, "", "exit code 3");
	}

	@Test
	void jarWhoseContextFailsNeverGoesLiveInParallelEither() throws Exception {
		assertNeverGoesLive(FailingAutoConfiguration.class, "{\"strategy\":\"parallel\"}", "exit code 1");
	}

	private void assertNeverGoesLive(Class<?> autoConfiguration, String body, String reason) throws Exception {
		ClusterStatus before = shared.awaitSettled();
		try (Clients clients = Clients.connecting(shared.port(), "/", 4)) {
			replaceJar(SampleJar.with(directory.resolve("next.jar"), autoConfiguration));
			ClusterStatus.Reload reload = shared.reload(body);
			ClusterStatus after = shared.awaitReload(reload.id());
			assertThat(after.lastReload().status()).isEqualTo("failed");
			assertThat(after.lastReload().reason()).contains(reason);
			assertThat(after.pids()).isEqualTo(before.pids());
			assertThat(after.generation()).isEqualTo(before.generation());
			// Only what was there before: the primary and its old workers
			shared.await("the new workers' end", () -> shared.processes().size() == 3);
			assertThat(clients.succeeded()).isPositive();
			assertThat(clients.failures()).isEmpty();
			assertThat(clients.refused()).isZero();
		}
		assertGoodJarGoesLive(before);
	}

	private void assertGoodJarGoesLive(ClusterStatus before) throws Exception {
		String version = "after-" + before.generation();
		replaceJar(SampleJar.with(directory.resolve("next.jar"), "application.properties",
				"sample.version=" + version + "\n", null));
		try (Clients clients = Clients.connecting(shared.port(), "/", 4)) {
			ClusterStatus after = shared.awaitReload(shared.reload("").id());
			assertThat(after.lastReload().status()).isEqualTo("succeeded");
			assertThat(after.pids()).doesNotContainAnyElementsOf(before.pids());
			assertThat(shared.get("/").said("version")).isEqualTo(version);
			assertThat(clients.failures()).isEmpty();
			assertThat(clients.refused()).isZero();
		}
	}

	private void replaceJar(Path next) throws Exception {
		Files.move(next, live, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
	}

}
