package io.clusterboot.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.clusterboot.CanarySnapshot;
import io.clusterboot.Cluster;
import io.clusterboot.ClusterAnswers;
import io.clusterboot.ClusterCounter;
import io.clusterboot.ClusterLeader;
import io.clusterboot.ClusterLock;
import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ClusterState;
import io.clusterboot.ClusterWorker;
import io.clusterboot.DropCounts;
import io.clusterboot.IncidentCause;
import io.clusterboot.IncidentSnapshot;
import io.clusterboot.LeaderSnapshot;
import io.clusterboot.LossSnapshot;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStepSnapshot;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.RequestTimes;
import io.clusterboot.ResponseCounts;
import io.clusterboot.WorkerMetrics;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.contract.WorkerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * A cluster that remembers what it was asked for.
 */
class StubCluster implements Cluster {

	private final List<String> asked = new CopyOnWriteArrayList<>();

	private static final CanarySnapshot CANARY = new CanarySnapshot(5, Instant.parse("2026-11-20T10:05:13Z"),
			new ResponseCounts(0, 200, 20, 3, 23), new ResponseCounts(0, 250, 5, 4, 1));

	private static final LossSnapshot LOSSES = new LossSnapshot(new DropCounts(3, 2, 1), new DropCounts(6, 5, 4), 7, 1);

	private static final List<ReloadStepSnapshot> STEPS = List
		.of(new ReloadStepSnapshot(0, 3, 5, Instant.parse("2026-11-20T10:05:01Z"),
				Instant.parse("2026-11-20T10:05:03Z"), 4, Instant.parse("2026-11-20T10:05:04Z")));

	private static final WorkerMetrics METRICS = new WorkerMetrics(1000, 900, 2000, Duration.ofMillis(1500),
			Duration.ofMillis(20), 30, 74, 12, 2, new ResponseCounts(0, 10000, 200, 30, 4),
			new RequestTimes(Duration.ofMillis(42_000),
					List.of(5000L, 3000L, 1000L, 700L, 300L, 200L, 30L, 3L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L)));

	private final List<String> askers = new CopyOnWriteArrayList<>();

	private final AtomicInteger reports = new AtomicInteger();

	private volatile boolean available = true;

	private volatile boolean reloaded = true;

	List<String> asked() {
		return this.asked;
	}

	/**
	 * Return who has asked for something.
	 * @return what was told of them
	 */
	List<String> askers() {
		return this.askers;
	}

	@Override
	public ClusterLeader leader() {
		throw new UnsupportedOperationException();
	}

	Cluster onBehalfOf(String who) {
		this.askers.add(who);
		return this;
	}

	int reports() {
		return this.reports.get();
	}

	void reset() {
		this.asked.clear();
		this.askers.clear();
		this.reports.set(0);
		this.available = true;
		this.reloaded = true;
	}

	void loseThePrimary() {
		this.available = false;
	}

	void forgetTheReload() {
		this.reloaded = false;
	}

	@Override
	public boolean isClustered() {
		return true;
	}

	@Override
	public CompletableFuture<Void> broadcast(Object payload) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletableFuture<Void> retain(String topic, Object payload) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletableFuture<Void> send(int worker, Object payload) {
		throw new UnsupportedOperationException();
	}

	@Override
	public <R> CompletableFuture<@Nullable R> request(int worker, Object payload, Class<R> type, Duration timeout) {
		throw new UnsupportedOperationException();
	}

	@Override
	public <R> CompletableFuture<ClusterAnswers<R>> requestAll(Object payload, Class<R> type, Duration timeout) {
		throw new UnsupportedOperationException();
	}

	@Override
	public int id() {
		return 5;
	}

	@Override
	public int slot() {
		return 0;
	}

	@Override
	public int generation() {
		return 3;
	}

	@Override
	public ClusterWorker worker(int id) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ClusterCounter counter(String name) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ClusterLock semaphore(String name, int permits) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ClusterSnapshot snapshot() {
		requireAvailable();
		WorkerSnapshot ready = new WorkerSnapshot(5, 0, 4301, 3, WorkerState.READY,
				Instant.parse("2026-11-20T10:00:01Z"), Instant.parse("2026-11-20T10:00:03Z"), 0, 40123, METRICS);
		WorkerSnapshot forked = new WorkerSnapshot(6, 1, 4302, 3, WorkerState.FORKED,
				Instant.parse("2026-11-20T10:00:02Z"), null, 1, 0, WorkerMetrics.NONE);
		WorkerSnapshot spare = new WorkerSnapshot(7, WorkerIdentity.NO_SLOT, 4303, 3, WorkerState.LISTENING,
				Instant.parse("2026-11-20T10:00:02Z"), null, 0, 0, WorkerMetrics.NONE);
		ReloadSnapshot reload = new ReloadSnapshot(2, "http", "uid 1000 (app)", ReloadStrategy.ROLLING,
				ReloadStatus.SUCCEEDED, null, 2, 3, Instant.parse("2026-11-20T10:05:00Z"),
				Instant.parse("2026-11-20T10:05:09Z"), STEPS, CANARY, LOSSES, List.of("one \"line\"", "another"));
		return new ClusterSnapshot(ClusterState.RUNNING,
				new PrimarySnapshot(4242, Instant.parse("2026-11-20T10:00:00Z"),
						new PrimarySnapshot.Store(7, 8192, 16777216, 3, 2)),
				8080, 2, 3, List.of(ready, forked, spare), List.of(1), List.of("/owners?lastName="),
				(this.reloaded) ? reload : null, new LeaderSnapshot(5, 1_795_168_800_001L));
	}

	@Override
	public ReloadSnapshot reload(@Nullable ReloadStrategy strategy) {
		requireAvailable();
		this.asked.add("reload " + strategy);
		return new ReloadSnapshot(3, "http", null, (strategy != null) ? strategy : ReloadStrategy.ROLLING,
				ReloadStatus.RUNNING, null, 3, 4, Instant.parse("2026-11-20T11:00:00Z"), null, List.of(), null, null,
				List.of());
	}

	@Override
	public List<ReloadSnapshot> reloads() {
		ReloadSnapshot last = snapshot().lastReload();
		return (last != null) ? List.of(last) : List.of();
	}

	@Override
	public @Nullable ReloadSnapshot abort(int id) {
		requireAvailable();
		this.asked.add("abort " + id);
		return (id == 3) ? new ReloadSnapshot(3, "http", null, ReloadStrategy.ROLLING, ReloadStatus.RUNNING, "aborted",
				3, 4, Instant.parse("2026-11-20T11:00:00Z"), null, List.of(), null, new LossSnapshot(null, null, 0, 0),
				List.of()) : null;
	}

	@Override
	public List<IncidentSnapshot> incidents() {
		requireAvailable();
		return List.of(incident("\"main\" prio=5", List.of("one \"line\"", "another"), "# SIGSEGV"), spareIncident());
	}

	@Override
	public @Nullable IncidentSnapshot incident(int id) {
		this.reports.incrementAndGet();
		return incidents().stream().filter((incident) -> incident.id() == id).findFirst().orElse(null);
	}

	private static IncidentSnapshot incident(String threadDump, List<String> output, String errorFile) {
		return new IncidentSnapshot(1, Instant.parse("2026-11-20T10:06:00Z"), IncidentCause.OUT_OF_MEMORY,
				"Java heap space", 4, 1, 4300, 2, Instant.parse("2026-11-20T10:06:01Z"), "exit code 3",
				Instant.parse("2026-11-20T10:05:59Z"), METRICS, threadDump, output, errorFile);
	}

	private static IncidentSnapshot spareIncident() {
		return new IncidentSnapshot(2, Instant.parse("2026-11-20T10:07:00Z"), IncidentCause.START_FAILURE,
				"not ready within 60 s", 8, WorkerIdentity.NO_SLOT, 4304, 3, null, null, null, WorkerMetrics.NONE, null,
				List.of(), null);
	}

	@Override
	public int scale(int workers) {
		this.asked.add("scale " + workers);
		if (workers > 99) {
			throw new IllegalArgumentException("Too many");
		}
		return workers;
	}

	@Override
	public void shutdown() {
		requireAvailable();
		this.asked.add("shutdown");
	}

	private void requireAvailable() {
		if (!this.available) {
			throw new PrimaryUnavailableException("The primary did not answer within 5 s", null);
		}
	}

}
