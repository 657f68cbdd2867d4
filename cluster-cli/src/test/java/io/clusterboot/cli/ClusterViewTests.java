package io.clusterboot.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.clusterboot.ClusterState;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.RequestTimes;
import io.clusterboot.ResponseCounts;
import io.clusterboot.WorkerMetrics;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.channel.RecentMetrics;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClusterView} and what {@link Reloads} says about one.
 */
class ClusterViewTests {

	private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

	private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

	private final Console console = (Console) new CommandLine(new ListCommand()).getMixins().get("console");

	@Test
	void reloadThatWaitsIsInTheTitleWithWhatItWaitsFor() {
		ReloadSnapshot first = reload(1, ReloadStatus.RUNNING);
		ReloadSnapshot second = reload(2, ReloadStatus.RUNNING);
		assertThat(view(ClusterState.RELOADING, first, null).title()).endsWith("up 10s");
		assertThat(view(ClusterState.RELOADING, first, second).title()).endsWith("up 10s  reload 2 waits for reload 1");
		assertThat(view(ClusterState.STARTING, null, first).title())
			.endsWith("up 10s  reload 1 waits until the cluster has started");
	}

	@Test
	void reloadThatWaitsIsNotSaidToRun() {
		ReloadSnapshot first = reload(1, ReloadStatus.RUNNING);
		ReloadSnapshot second = reload(2, ReloadStatus.RUNNING);
		ClusterView view = view(ClusterState.RELOADING, first, second);
		assertThat(Reloads.phase(first, view)).isEqualTo("begins");
		assertThat(Reloads.phase(second, view)).isEqualTo("waits for reload 1");
		assertThat(Reloads.progress(second, view)).endsWith("] 0/1 slots, waits for reload 1, 5s");
		// It has ended between the two questions
		assertThat(Reloads.phase(reload(2, ReloadStatus.SUCCEEDED), view)).isEqualTo("succeeded");
	}

	@Test
	void whatAWorkerHasSaidTooLongAgoIsNotShown() {
		assertThat(row(Duration.ofMillis(900))).containsPattern(" 2\\.0 +0\\.0% +\\d+ ms +1\\.0 KB +50%$");
		assertThat(row(Duration.ofSeconds(4))).containsPattern(" - +- +- +1\\.0 KB +-$");
	}

	@Test
	void clusterWithAWorkerThatIsNotHeardIsNotGood() {
		assertThat(view(ClusterState.RUNNING, null, null, heard(Duration.ofMillis(900))).isGood()).isTrue();
		ClusterView silent = view(ClusterState.RUNNING, null, null, heard(Duration.ofSeconds(4)));
		assertThat(silent.isGood()).isFalse();
		assertThat(silent.title()).contains("1/1 ready, 1 silent  up");
	}

	@Test
	void titleTellsOfTheStoreWhereSomethingIsKept() {
		assertThat(keeping(new PrimarySnapshot.Store(0, 0, 16 * 1024 * 1024, 0, 0)).title()).endsWith("up 10s");
		assertThat(keeping(new PrimarySnapshot.Store(1, 256, 16 * 1024 * 1024, 0, 0)).title())
			.endsWith("up 10s  store 256 B of 16 MB");
		assertThat(keeping(new PrimarySnapshot.Store(9, 16 * 1024 * 1024, 16 * 1024 * 1024, 3, 1)).title())
			.endsWith("up 10s  store 16 MB of 16 MB, 3 evicted, 1 refused");
	}

	private static ClusterView keeping(PrimarySnapshot.Store store) {
		return new ClusterView("shop", 4242, NOW, NOW.minus(TEN_SECONDS), 8080, ClusterState.RUNNING, 1, 1, 1,
				List.of(), List.of(), null, null, store);
	}

	@Test
	void whatAWorkerHasNotSaidYetIsNotShown() {
		ClusterView.Worker worker = ClusterView.Worker.of(worker(), null);
		assertThat(worker.recently("%.1f", worker.requestsPerSecond())).isEqualTo("-");
	}

	private String row(Duration age) {
		List<String> lines = view(ClusterState.RUNNING, null, null, heard(age)).table(this.console);
		assertThat(lines).hasSize(2);
		return lines.get(1);
	}

	private static ClusterView.Worker heard(Duration age) {
		return ClusterView.Worker.of(worker(), new RecentMetrics(5, TEN_SECONDS, age,
				new ResponseCounts(0, 20, 0, 0, 0), RequestTimes.NONE, Duration.ofSeconds(5)));
	}

	private static WorkerSnapshot worker() {
		WorkerMetrics metrics = new WorkerMetrics(0, 0, 1024, TEN_SECONDS, Duration.ZERO, 0, 0, 0, 0,
				ResponseCounts.NONE, RequestTimes.NONE);
		return new WorkerSnapshot(5, 0, 4301, 1, WorkerState.READY, NOW.minusSeconds(9), NOW.minusSeconds(8), 0, 0,
				metrics);
	}

	private static ReloadSnapshot reload(int id, ReloadStatus status) {
		return new ReloadSnapshot(id, "cli", null, ReloadStrategy.ROLLING, status, null, id, id + 1,
				NOW.minusSeconds(5), (status != ReloadStatus.RUNNING) ? NOW : null, List.of(), null, null, List.of());
	}

	private static ClusterView view(ClusterState state, @Nullable ReloadSnapshot last, @Nullable ReloadSnapshot waiting,
			ClusterView.Worker... workers) {
		return new ClusterView("shop", 4242, NOW, NOW.minus(TEN_SECONDS), 8080, state, 1, 1, 1, List.of(),
				List.of(workers), last, waiting, null);
	}

}
