package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.clusterboot.it.load.Failure;
import io.clusterboot.it.variant.LateAutoConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What waits for a worker that is gone is answered by its sibling and does not wait for
 * the next JVM, which here does not come before that is shown.
 */
@Tag("alone")
class DeadSlotIT {

	private static final int CONCURRENCY = 200;

	// That of a queue that nobody serves would end with the patience of the client
	private static final Duration SLOWEST = Duration.ofSeconds(5);

	@TempDir
	private static Path directory;

	private static ClusterProcess shared;

	private ClusterStatus before;

	private ClusterStatus.Worker victim;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		shared = new ClusterLauncher(test).with(directory, LateAutoConfiguration.class)
			.environment("SAMPLE_LATE", directory.toString())
			.arguments("--cluster.worker.hang-timeout=3s")
			.start();
		shared.awaitSettled();
	}

	@AfterAll
	static void stop() {
		shared.close();
	}

	@BeforeEach
	void holdUpTheNext() throws IOException {
		this.before = shared.awaitSettled();
		this.victim = this.before.worker(1);
		Files.createFile(late());
	}

	@AfterEach
	void letTheNextStart() throws IOException {
		Files.deleteIfExists(late());
	}

	@Test
	void whatWaitsForAKilledWorkerIsAnsweredByItsSiblingAtOnce() throws Exception {
		try (Load load = Load.connecting(shared.port()).concurrency(CONCURRENCY).start()) {
			shared.await("load", () -> requests(1) > this.victim.requests() + 200);
			ClusterProcess.signal(this.victim.pid(), "KILL");
			shared.awaitOutput("pid=" + this.victim.pid() + " exited: .*SIGKILL");
			long answered = requests(0);
			shared.await("load on the sibling", () -> requests(0) > answered + 1000);
			Load.Result result = load.stop();
			// At most what the victim had in its hands: one request of every client
			assertThat(result.failed()).as(result.output())
				.isLessThanOrEqualTo(CONCURRENCY)
				.isEqualTo(result.failed(Failure.RESET) + result.failed(Failure.CLOSED));
			assertThat(result.slowest()).as(result.output()).isLessThan(SLOWEST);
		}
		assertThatTheSlotIsServedByItsSiblingUntilItHasAWorker();
	}

	@Test
	void whatWaitsForAHungWorkerIsAnsweredByItsSibling() throws Exception {
		ClusterProcess.signal(this.victim.pid(), "STOP");
		List<HttpConnection> waiting = new ArrayList<>();
		try {
			for (int i = 0; i < 40; i++) {
				waiting.add(new HttpConnection(shared.port()));
			}
			for (HttpConnection connection : waiting) {
				assertThat(connection.exchange("GET", "/", "").pid()).isEqualTo(this.before.worker(0).pid());
			}
		}
		finally {
			for (HttpConnection connection : waiting) {
				connection.close();
			}
		}
		assertThat(shared.awaitIncident(this.victim.id()).cause()).isEqualTo("hang");
		assertThatTheSlotIsServedByItsSiblingUntilItHasAWorker();
	}

	private void assertThatTheSlotIsServedByItsSiblingUntilItHasAWorker() throws IOException {
		assertThat(shared.status().ready()).extracting(ClusterStatus.Worker::id)
			.containsExactly(this.before.worker(0).id());
		assertThat(pidsThatAnswer()).containsExactly(this.before.worker(0).pid());
		String all = processors(this.before.worker(0).pid());
		// By its priority, or, where that is not allowed or it has waited too long, on
		// half
		// of the processors
		shared.await("a start that stands back", () -> policy(newest().pid()).equals("IDL") || all.equals("0")
				|| !processors(newest().pid()).equals(all));
		Files.delete(late());
		ClusterStatus after = shared.awaitSettled();
		shared.await("all processors", () -> processors(after.worker(1).pid()).equals(all));
		assertThat(policy(after.worker(1).pid())).isEqualTo("TS");
		assertThat(after.worker(1).id()).isGreaterThan(this.victim.id());
		assertThat(pidsThatAnswer()).isEqualTo(after.pids());
	}

	private ClusterStatus.Worker newest() {
		return shared.status().workers().stream().max(Comparator.comparing(ClusterStatus.Worker::id)).orElseThrow();
	}

	// Of the main thread: see Cpus_allowed_list in proc(5)
	private static String processors(long pid) {
		return Tool.run("sh", "-c", "sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/%d/status".formatted(pid))
			.output()
			.strip();
	}

	// Of the main thread: see CLS in ps(1)
	private static String policy(long pid) {
		return Tool.run("ps", "-o", "cls=", "-p", Long.toString(pid)).output().strip();
	}

	private Path late() {
		return directory.resolve("1");
	}

	private long requests(int slot) {
		return shared.status().worker(slot).requests();
	}

	private Set<Long> pidsThatAnswer() {
		return IntStream.range(0, 40).mapToObj((request) -> shared.get("/").pid()).collect(Collectors.toSet());
	}

}
