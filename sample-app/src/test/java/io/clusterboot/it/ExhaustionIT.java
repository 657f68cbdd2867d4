package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What there is too little of costs what needs it and nothing else, is named, and is no
 * trouble any more once it is there again.
 */
class ExhaustionIT {

	private static final Pattern MAX_OPEN_FILES = Pattern.compile("Max open files +\\d+ +(\\d+)");

	private static final Pattern ALLOWED_PROCESSORS = Pattern.compile("Cpus_allowed_list:\\s+(\\d+)");

	// Forking a process and starting a thread end in the same error of the kernel
	private static final String NO_THREAD = "(Resource temporarily unavailable|unable to create native thread)";

	@TempDir
	private static Path directory;

	private static ClusterProcess shared;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		shared = new ClusterLauncher(test).moreJvmOptions("-XX:ErrorFile=" + directory.resolve("hs_err.log")).start();
		shared.awaitSettled();
	}

	@AfterAll
	static void stop() {
		shared.close();
	}

	@Test
	void primaryWithoutDescriptorsStartsNobodyUntilItHasSome() throws Exception {
		assertStartsNobodyMeanwhile("Too many open files", () -> limitDescriptors(shared.pid(), 0),
				() -> allowDescriptors(shared.pid()));
	}

	@Test
	void primaryWithoutProcessesStartsNobodyUntilItMay() throws Exception {
		try (ControlGroup group = ControlGroup.ofThreads()) {
			group.add(shared.pid());
			assertStartsNobodyMeanwhile(NO_THREAD, () -> group.limit("0"), () -> group.limit("max"));
		}
	}

	@Test
	@Tag("nightly")
	void primaryWithTooFewThreadsRecoversWhateverCouldNotStart() throws Exception {
		try (ControlGroup group = ControlGroup.ofThreads()) {
			group.add(shared.pid());
			for (int more = 1; more <= 6; more++) {
				group.limitThreads(more);
				assertRecovers(() -> group.limit("max"));
			}
		}
	}

	@Test
	@Tag("nightly")
	void primaryWithTooFewDescriptorsRecoversWhateverCouldNotBeOpened() throws Exception {
		for (int more = 1; more <= 6; more++) {
			limitDescriptors(shared.pid(), more);
			assertRecovers(() -> allowDescriptors(shared.pid()));
		}
	}

	private void assertRecovers(Change give) throws Exception {
		ClusterStatus.Worker victim;
		try {
			ClusterStatus.Worker bystander = shared.status().worker(0);
			int id = shared.reload("").id();
			ClusterStatus reloaded = shared.await("end of reload " + id)
				.until(shared::status, (status) -> status.lastReload() != null && status.lastReload().id() >= id
						&& !status.lastReload().isRunning());
			assertThat(reloaded.lastReload().status()).isEqualTo("failed");
			assertThat(reloaded.worker(0)).extracting(ClusterStatus.Worker::pid).isEqualTo(bystander.pid());
			victim = reloaded.worker(1);
			ClusterProcess.signal(victim.pid(), "KILL");
			shared.awaitOutput("Slot 1 lost worker %d,".formatted(victim.id()));
		}
		finally {
			give.make();
		}
		assertThat(shared.awaitSettled().worker(1).id()).isGreaterThan(victim.id());
		shared.awaitReload(shared.reload("").id());
	}

	private void assertStartsNobodyMeanwhile(String lack, Change take, Change give) throws Exception {
		ClusterStatus before = shared.awaitSettled();
		int descriptors = descriptors(shared.pid());
		String failedRespawn = "Slot 1 lost worker .*(%s)".formatted(lack);
		int failedRespawns = shared.output().lines(failedRespawn).size();
		ClusterStatus.Worker victim = before.worker(1);
		try {
			take.make();
			ClusterStatus failed = shared.awaitEndOfReload(shared.reload("").id());
			assertThat(failed.lastReload().status()).isEqualTo("failed");
			assertThat(failed.lastReload().reason()).containsPattern(lack);
			assertThat(failed.pids()).isEqualTo(before.pids());
			ClusterProcess.signal(victim.pid(), "KILL");
			shared.await("failed respawns", () -> shared.output().lines(failedRespawn).size() >= failedRespawns + 2);
			assertThat(shared.get("/").pid()).isEqualTo(before.worker(0).pid());
			assertThat(shared.incidents()).last().satisfies((incident) -> {
				assertThat(incident.cause()).isEqualTo("start-failure");
				assertThat(incident.detail()).containsPattern(lack);
			});
		}
		finally {
			give.make();
		}
		ClusterStatus recovered = shared.awaitSettled();
		assertThat(recovered.worker(0).pid()).isEqualTo(before.worker(0).pid());
		assertThat(recovered.worker(1).id()).isGreaterThan(victim.id());
		assertThat(shared.awaitReload(shared.reload("").id()).pids()).doesNotContainAnyElementsOf(recovered.pids());
		// A jar that was opened the first time that something failed stays open
		assertThat(descriptors(shared.pid())).isBetween(descriptors, descriptors + 2);
	}

	@Test
	void workerWithoutDescriptorsAnswersLaterAndTheOthersAtOnce() throws Exception {
		ClusterStatus before = shared.awaitSettled();
		long victim = before.worker(1).pid();
		List<HttpConnection> waiting = new ArrayList<>();
		try (HttpConnection other = shared.connect(before.worker(0).pid(), 1).get(0)) {
			limitDescriptors(victim, 0);
			shared.await("connections that wait", () -> {
				waiting.add(new HttpConnection(shared.port()));
				waiting.get(waiting.size() - 1).send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
				return shared.output().has(" %d .*Socket accept failed".formatted(victim)) && waiting.size() >= 20;
			});
			assertThat(shared.output().has("IOException: Too many open files")).isTrue();
			for (int i = 0; i < 20; i++) {
				assertThat(other.exchange("GET", "/", "").pid()).isEqualTo(before.worker(0).pid());
			}
			allowDescriptors(victim);
			List<Long> pids = new ArrayList<>();
			for (HttpConnection connection : waiting) {
				pids.add(connection.read().pid());
			}
			assertThat(pids).contains(victim);
			assertThat(shared.awaitSettled().pids()).isEqualTo(before.pids());
		}
		finally {
			for (HttpConnection connection : waiting) {
				connection.close();
			}
		}
	}

	@Test
	@Timeout(value = 20, unit = TimeUnit.MINUTES)
	void manyWorkersOnOneProcessorAllBecomeReady(TestInfo test) throws Exception {
		String processor = group(ALLOWED_PROCESSORS, Path.of("/proc/self/status"));
		String[] prefix = { "taskset", "-c", processor };
		Assumptions.assumeTrue(Tool.tryRun("sh", "-c", "exec taskset -c %s true".formatted(processor)).exitCode() == 0,
				"no taskset that works");
		int workers = Nightly.orElse(8, 3);
		try (ClusterProcess cluster = new ClusterLauncher(test).prefix(prefix)
			.workers(Integer.toString(workers))
			.arguments("--cluster.worker.hang-timeout=20s", "--sample.runner=busy")
			// Together they would take longer
			.arguments(Nightly.isIt() ? "" : "--cluster.worker.start-timeout=12s")
			.start()) {
			assertAllBecomeReady(cluster, workers);
			cluster.awaitOutput("1 worker starts at the same time, others wait for their turn");
			if (Nightly.isIt()) {
				cluster.signal("HUP");
				cluster.await("end of the reload")
					.atMost(Duration.ofMinutes(10))
					.until(() -> cluster.output().has("Reload 1 succeeded"));
				cluster.status().pids().forEach((pid) -> ClusterProcess.signal(pid, "KILL"));
				cluster.awaitOutput("forked: respawn");
				assertAllBecomeReady(cluster, workers);
			}
			assertThat(cluster.output().has("killed: not ready")).isFalse();
			assertThat(cluster.get("/actuator/health").body()).contains("\"status\":\"UP\"");
		}
	}

	private static void assertAllBecomeReady(ClusterProcess cluster, int workers) {
		ClusterStatus status = cluster.await("settled cluster")
			.atMost(Duration.ofMinutes(10))
			.until(cluster::status, ClusterStatus::isSettled);
		assertThat(status.workers()).hasSize(workers);
	}

	private static void limitDescriptors(long pid, int more) throws IOException {
		prlimit(pid, String.valueOf(descriptors(pid) + more));
	}

	private static void allowDescriptors(long pid) throws IOException {
		prlimit(pid, group(MAX_OPEN_FILES, Path.of("/proc/" + pid + "/limits")));
	}

	// Only the soft limit, which can be raised again
	private static void prlimit(long pid, String descriptors) {
		Tool.run("prlimit", "--pid", Long.toString(pid), "--nofile=%s:".formatted(descriptors));
	}

	private static int descriptors(long pid) throws IOException {
		try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
			return (int) all.count();
		}
	}

	private static String group(Pattern pattern, Path file) throws IOException {
		Matcher matcher = pattern.matcher(Files.readString(file));
		assertThat(matcher.find()).as("%s in %s", pattern, file).isTrue();
		return matcher.group(1);
	}

	/**
	 * What is done to the machine.
	 */
	@FunctionalInterface
	private interface Change {

		void make() throws IOException;

	}

}
