package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The same jar on the newest JDK that the machine has, nightly on every newer one.
 */
class JdkIT {

	private static final Path JDKS = Path.of("/usr/lib/jvm");

	@Test
	void jarRunsOnNewerJdks(TestInfo test) throws IOException {
		for (Path home : newerJdks()) {
			ClusterLauncher launcher = new ClusterLauncher(test).named(home.getFileName().toString())
				.java(home.resolve("bin/java"));
			try (ClusterProcess cluster = launcher.start()) {
				assertLives(cluster);
			}
		}
	}

	@Test
	void workersOnNewerJdksRunWithAnArchive(TestInfo test) throws IOException {
		for (Path home : newerJdks()) {
			ClusterLauncher launcher = new ClusterLauncher(test).named(home.getFileName().toString())
				.java(home.resolve("bin/java"))
				.workers("1")
				.arguments("--cluster.reload.train=before");
			try (ClusterProcess cluster = launcher.start()) {
				long worker = cluster.awaitSettled().worker(0).pid();
				assertThat(Files.readString(Path.of("/proc/" + worker + "/maps")))
					.containsPattern("/cluster-spring-boot/\\p{XDigit}{64}/classes\\.(?:jsa|aot)");
				assertThat(cluster.get("/").status()).isEqualTo(200);
				assertThat(cluster.output().text()).doesNotContain("WARNING: ", "[warning]", "[error]");
			}
		}
	}

	private void assertLives(ClusterProcess cluster) throws IOException {
		ClusterStatus started = cluster.awaitSettled();
		assertThat(cluster.post("/broadcast", "hello").body()).as("answers of all workers")
			.contains("\"1\":" + started.worker(0).pid(), "\"2\":" + started.worker(1).pid());
		try (Clients clients = Clients.connecting(cluster.port(), "/", 4)) {
			cluster.signal("HUP");
			ClusterStatus reloaded = cluster.awaitReload(1);
			assertThat(reloaded.pids()).doesNotContainAnyElementsOf(started.pids());
			if (Nightly.isIt()) {
				cluster.awaitReload(cluster.reload("").id());
			}
			clients.assertNoneFailed();
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

	/**
	 * Return the newest JDK there is.
	 * @return its home
	 * @throws IOException if the list cannot be read
	 */
	static Path newest() throws IOException {
		return Collections.max(newerJdks(), Comparator.comparingInt(JdkIT::version));
	}

	private static List<Path> newerJdks() throws IOException {
		Assumptions.assumeTrue(Files.isDirectory(JDKS), "there is no " + JDKS);
		try (Stream<Path> all = Files.list(JDKS)) {
			List<Path> homes = all.filter((home) -> Files.isExecutable(home.resolve("bin/java")) && version(home) >= 21)
				.toList();
			System.out.println("JDKs from 21 on in " + JDKS + ": " + homes);
			Assumptions.assumeFalse(homes.isEmpty(), "no JDK from 21 on in " + JDKS);
			return Nightly.isIt() ? homes : List.of(Collections.max(homes, Comparator.comparingInt(JdkIT::version)));
		}
	}

	private static int version(Path home) {
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
