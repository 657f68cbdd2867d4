package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The same jar on every newer JDK that the machine has.
 */
class JdkIT {

	private static final Path JDKS = Path.of("/usr/lib/jvm");

	@Test
	void jarRunsOnNewerJdks(TestInfo test) throws IOException {
		List<Path> homes = newerJdks();
		System.out.println("JDKs from 21 on in " + JDKS + ": " + homes);
		Assumptions.assumeFalse(homes.isEmpty(), "no JDK from 21 on in " + JDKS);
		for (Path home : homes) {
			ClusterLauncher launcher = new ClusterLauncher(test).named(home.getFileName().toString())
				.java(home.resolve("bin/java"));
			try (ClusterProcess cluster = launcher.start()) {
				assertLives(cluster);
			}
		}
	}

	private void assertLives(ClusterProcess cluster) throws IOException {
		ClusterStatus started = cluster.awaitSettled();
		try (Clients clients = Clients.connecting(cluster.port(), "/", 4)) {
			ClusterStatus reloaded = cluster.awaitReload(cluster.reload("").id());
			assertThat(reloaded.lastReload().status()).isEqualTo("succeeded");
			assertThat(reloaded.pids()).doesNotContainAnyElementsOf(started.pids());
			cluster.signal("HUP");
			cluster.awaitReload(2);
			assertThat(clients.failures()).isEmpty();
			assertThat(clients.refused()).isZero();
		}
		ClusterStatus.Worker victim = cluster.awaitSettled().worker(1);
		ClusterProcess.signal(victim.pid(), "KILL");
		cluster.await("replacement")
			.until(cluster::status, (status) -> status.isSettled() && status.worker(1).id() > victim.id());
		assertThat(cluster.residentKilobytes()).isLessThanOrEqualTo(ClusterProcess.PRIMARY_LIMIT);
		assertThat(cluster.output().text()).doesNotContain("WARNING: ");
		cluster.signal("TERM");
		assertThat(cluster.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
	}

	private List<Path> newerJdks() throws IOException {
		if (!Files.isDirectory(JDKS)) {
			return List.of();
		}
		try (Stream<Path> homes = Files.list(JDKS)) {
			return homes.filter((home) -> Files.isExecutable(home.resolve("bin/java")) && version(home) >= 21).toList();
		}
	}

	private int version(Path home) {
		try {
			Matcher version = Pattern.compile("JAVA_VERSION=\"(\\d+)")
				.matcher(Files.readString(home.resolve("release")));
			return version.find() ? Integer.parseInt(version.group(1)) : 0;
		}
		catch (IOException ex) {
			return 0;
		}
	}

}
