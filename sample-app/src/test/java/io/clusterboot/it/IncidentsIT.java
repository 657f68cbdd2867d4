package io.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Workers that go wrong under load in every way there is are replaced, and why is on
 * record.
 */
class IncidentsIT {

	private static final int CONCURRENCY = Nightly.orElse(200, 50);

	private static final Duration LOAD = Duration.ofSeconds(Nightly.orElse(60, 0));

	// What the victim has answered before it goes wrong
	private static final int BEFORE = Nightly.orElse(500, 100);

	private static final int THREADS = 8;

	// Of the worker that goes wrong
	private static final int SLOT = 1;

	@TempDir
	private static Path directory;

	private static ClusterProcess shared;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		shared = new ClusterLauncher(test).workers("3")
			.moreJvmOptions("-XX:MaxDirectMemorySize=1g", "-XX:-CreateCoredumpOnCrash",
					"-XX:ErrorFile=" + directory.resolve("hs_err.log"))
			.arguments("--sample.faults=true", "--server.tomcat.threads.max=" + THREADS, "--cluster.drain.timeout=5s",
					"--cluster.respawn.stable-after=1s", "--cluster.worker.hang-timeout=4s",
					"--cluster.worker.stall-timeout=3s", "--cluster.worker.max-memory=500MB")
			.start();
		shared.awaitSettled();
	}

	@AfterAll
	static void stop() {
		shared.close();
	}

	@Test
	void killedWorker() {
		Incident incident = assertReplaced("signal", CONCURRENCY, (victim) -> ClusterProcess.signal(victim, "KILL"));
		assertThat(incident.exit()).contains("SIGKILL");
		assertThat(incident.threadDump()).isNull();
		assertLogged(incident, ".*SIGKILL");
	}

	@Test
	void crashedJvm() throws Exception {
		Incident incident = assertReplaced("crash", CONCURRENCY, (victim) -> ClusterProcess.signal(victim, "SEGV"));
		assertThat(incident.errorFile()).isNotNull();
		assertThat(Files.readString(Path.of(incident.errorFile()))).contains("SIGSEGV");
	}

	@Test
	void workerThatExitsWithZero() {
		Incident incident = assertReplaced("exit-code", CONCURRENCY,
				(victim) -> shared.exchange(victim, "GET", "/exit?code=0"));
		assertThat(incident.exit()).contains("0");
		assertLogged(incident, "exit code 0");
	}

	@Test
	void workerOutOfMemory() {
		Incident incident = assertReplaced("out-of-memory", CONCURRENCY,
				(victim) -> assertThatIOException().isThrownBy(() -> shared.exchange(victim, "GET", "/oom")));
		assertThat(incident.output()).anySatisfy((line) -> assertThat(line).contains("OutOfMemoryError"));
		assertLogged(incident, "exit code 3");
	}

	@Test
	void hungWorker() {
		Incident incident = assertReplaced("hang", CONCURRENCY, (victim) -> ClusterProcess.signal(victim, "STOP"));
		assertThat(incident.time()).isBefore(incident.exited());
	}

	@Test
	void deadlockedWorker() {
		Incident incident = assertReplaced("deadlock", 0,
				(victim) -> shared.exchange(victim, "POST", "/faults/deadlock"));
		assertThat(incident.threadDump()).contains("sample-deadlock-one", "sample-deadlock-two");
	}

	@Test
	void workerWhoseRequestThreadsAreAllBusy() {
		List<HttpConnection> busy = new ArrayList<>();
		try {
			Incident incident = assertReplaced("stall", CONCURRENCY, (victim) -> {
				busy.addAll(shared.connect(victim, THREADS));
				for (HttpConnection connection : busy) {
					connection.beginPost("/faults/fill-pool?seconds=600", 0);
				}
			});
			assertThat(incident.threadDump()).contains("FaultController.fillPool");
		}
		finally {
			busy.forEach(this::close);
		}
	}

	@Test
	void workerWithAnErrorThatNobodyCaught() {
		Incident incident = assertReplaced("uncaught", 0,
				(victim) -> shared.exchange(victim, "POST", "/faults/uncaught"));
		assertThat(incident.detail()).contains("AssertionError");
	}

	@Test
	void workerThatSaysThatItIsBroken() {
		assertReplaced("broken", 0, (victim) -> shared.exchange(victim, "POST", "/faults/broken"));
	}

	@Test
	void workerThatLeaksIsReplacedBeforeThatIsAnIncident() {
		ClusterStatus.Worker victim = replace(0, (pid) -> shared.exchange(pid, "POST", "/faults/leak?megabytes=600"));
		assertThat(shared.incidents()).noneMatch((incident) -> incident.worker() == victim.id());
		assertThat(shared.output().lines("max-memory")).anySatisfy((line) -> assertThat(line)
			.containsPattern("\\b(worker[= ]%d|pid=%d)\\b".formatted(victim.id(), victim.pid())));
	}

	private void assertLogged(Incident incident, String exit) {
		assertThat(shared.output().lines("pid=%d exited: %s".formatted(incident.pid(), exit))).hasSize(1);
	}

	private Incident assertReplaced(String cause, int mayFail, Fault fault) {
		ClusterStatus.Worker victim = replace(mayFail, fault);
		Incident incident = shared.awaitIncident(victim.id());
		assertThat(incident.cause()).as(incident.toString()).isEqualTo(cause);
		assertThat(incident.detail()).isNotBlank();
		assertThat(incident.slot()).isEqualTo(SLOT);
		assertThat(incident.pid()).isEqualTo(victim.pid());
		assertThat(incident.generation()).isEqualTo(victim.generation());
		assertThat(incident.exit()).isNotBlank();
		assertThat(incident.output()).isNotEmpty();
		assertThat(incident.heartbeat()).isNotNull();
		assertThat(incident.metrics()).isNotNull();
		assertThat(shared.incidents()).filteredOn((other) -> other.worker() == victim.id()).hasSize(1);
		return incident;
	}

	// Whatever goes wrong with a worker costs at most what it had in its hands
	private ClusterStatus.Worker replace(int mayFail, Fault fault) {
		ClusterStatus before = shared.awaitSettled();
		ClusterStatus.Worker victim = before.worker(SLOT);
		try (Load load = Load.start(shared.port(), CONCURRENCY)) {
			shared.await("load", () -> shared.status().worker(SLOT).requests() > victim.requests() + BEFORE);
			Instant end = Instant.now().plus(LOAD);
			fault.happen(victim.pid());
			ClusterStatus after = shared.await("replacement of worker " + victim.id())
				.until(shared::status, (status) -> status.isSettled() && status.worker(SLOT).id() > victim.id()
						&& status.worker(SLOT).requests() > 100);
			shared.await("rest of the load", () -> Instant.now().isAfter(end));
			Load.Result result = load.stop();
			assertThat(result.failed()).as(result.output()).isLessThanOrEqualTo(mayFail);
			assertThat(result.complete()).isGreaterThan(BEFORE);
			assertThat(after.worker(0).pid()).isEqualTo(before.worker(0).pid());
			assertThat(after.worker(2).pid()).isEqualTo(before.worker(2).pid());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return victim;
	}

	private void close(HttpConnection connection) {
		try {
			connection.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * What is done to a worker.
	 */
	@FunctionalInterface
	private interface Fault {

		void happen(long pid) throws IOException;

	}

}
