package io.clusterboot.it;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many who ask at the same time for what everybody may see cost the primary no memory,
 * and nobody the supervision, also where workers do not read the answers for a while.
 */
@Tag("nightly")
@Tag("alone")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class FloodIT {

	private static final List<String> PATHS = List.of("", "/reloads", "/reloads/1", "/incidents", "/incidents/1");

	// At the ends of which a worker is killed and a reload done meanwhile
	private static final List<String> MEASURED = List.of("", "/incidents/1");

	private static final String VIRTUAL = "--spring.threads.virtual.enabled=true";

	// Who comes through a proxy, and who may see what is long. To find out that somebody
	// may takes the worker some milliseconds, which nobody else can make it spend
	private static final String STRANGER = "Via: 1.1 somebody";

	private static final String OPERATOR = "Accept: application/json";

	private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in");

	// Heap, code and stacks of the primary, and what answers may take of it
	private static final long MAX_KILOBYTES = 80 * 1024;

	@ParameterizedTest
	@ValueSource(strings = { "--server.tomcat.threads.max=400", VIRTUAL })
	void primaryStaysSmallAndRepairsAndReloadsAsFastAsUnderAnyOtherLoad(String threads, TestInfo test)
			throws Exception {
		Tool.assumeInstalled("wrk");
		ClusterLauncher launcher = new ClusterLauncher(test).arguments(threads, "--sample.faults=true",
				"--cluster.reload.train=off", "--cluster.reload.soak=2s");
		if (threads.equals(VIRTUAL)) {
			launcher.java(JdkIT.newest().resolve("bin/java"));
		}
		try (ClusterProcess cluster = launcher.start()) {
			ClusterStatus status = cluster.awaitSettled();
			cluster.exchange(status.worker(1).pid(), "POST", "/faults/deadlock");
			assertThat(cluster.awaitIncident(status.worker(1).id()).threadDump()).isNotNull();
			cluster.awaitReload(cluster.reload("{}").id());
			long quiet = cluster.residentKilobytes();
			String byItself;
			try (Tool.Running load = flood(cluster.port(), "/", STRANGER, 400)) {
				byItself = repairAndReload(cluster);
				assertThat(load.isAlive()).isTrue();
			}
			System.out.printf("%s: primary %d KB; with 400 connections to /: %s%n", threads, quiet, byItself);
			for (String path : PATHS) {
				System.out.printf("%s: %s%n", threads, flood(cluster, path, STRANGER, 400));
				System.out.printf("%s: %s%n", threads, flood(cluster, path, OPERATOR, 20));
			}
			assertThat(cluster.output().has("The primary is gone")).isFalse();
			assertThat(cluster.isAlive()).isTrue();
		}
	}

	private static String flood(ClusterProcess cluster, String path, String caller, int connections)
			throws IOException {
		List<Long> kilobytes = new ArrayList<>();
		try (Tool.Running load = flood(cluster.port(), "/actuator/cluster" + path, caller, connections)) {
			for (int i = 0; i < 4; i++) {
				long worker = cluster.processes()
					.stream()
					.map(ProcessHandle::pid)
					.filter((pid) -> pid != cluster.pid())
					.skip(i % 2)
					.findFirst()
					.orElseThrow();
				ClusterProcess.signal(worker, "STOP");
				watch(cluster, kilobytes);
				ClusterProcess.signal(worker, "CONT");
				watch(cluster, kilobytes);
			}
			String times = (MEASURED.contains(path)) ? repairAndReload(cluster) + ", " : "";
			watch(cluster, kilobytes);
			load.interrupt();
			String output = load.await(Duration.ofMinutes(1)).output();
			Matcher requests = REQUESTS.matcher(output);
			assertThat(requests.find()).as(output).isTrue();
			long most = kilobytes.stream().mapToLong(Long::longValue).max().orElseThrow();
			assertThat(most).as("resident memory of the primary under %s", path).isLessThan(MAX_KILOBYTES);
			return "/actuator/cluster%s by %d connections with '%s': %s requests, %sprimary at most %d KB%s".formatted(
					path, connections, caller, requests.group(1), times, most,
					output.lines()
						.filter((line) -> line.contains("Non-2xx") || line.contains("Socket errors"))
						.reduce("", (all, line) -> all + ", " + line.strip()));
		}
	}

	private static void watch(ClusterProcess cluster, List<Long> kilobytes) {
		long end = System.nanoTime() + Duration.ofMillis(500).toNanos();
		cluster.await("half a second", () -> {
			kilobytes.add(cluster.residentKilobytes());
			return System.nanoTime() > end;
		});
	}

	private static String repairAndReload(ClusterProcess cluster) {
		ClusterStatus before = cluster.awaitSettled();
		long killed = System.nanoTime();
		ClusterProcess.signal(before.worker(1).pid(), "KILL");
		cluster.await("replacement")
			.until(cluster::status, (now) -> now.isSettled() && now.worker(1).id() > before.worker(1).id());
		long repaired = System.nanoTime();
		cluster.signal("USR2");
		int reload = (before.lastReload() != null) ? before.lastReload().id() + 1 : 1;
		ClusterStatus after = cluster.awaitEndOfReload(reload);
		assertThat(after.lastReload().status()).as(after.lastReload().reason()).isEqualTo("succeeded");
		return "repaired in %d ms, reloaded in %d ms".formatted(Duration.ofNanos(repaired - killed).toMillis(),
				Duration.between(after.lastReload().started(), after.lastReload().finished()).toMillis());
	}

	private static Tool.Running flood(int port, String path, String header, int connections) {
		return Tool.start("nice", "-n", "19", "wrk", "-t2", "-c" + connections, "-d600s", "--timeout", "30s", "-H",
				header, "http://127.0.0.1:%d%s".formatted(port, path));
	}

}
