package io.clusterboot.it;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A job that runs once per cluster, whatever happens to the worker that runs it.
 */
@Tag("alone")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LeaderIT {

	private static final Duration DURATION = Nightly.orElse(Duration.ofMinutes(3), Duration.ofSeconds(20));

	private static final Duration PERIOD = Duration.ofMillis(200);

	// Longer than a lease
	private static final Duration STOPPED = Duration.ofSeconds(8);

	// Without a death that nobody sees
	private static final Duration GAP = Duration.ofSeconds(3);

	private static final Duration LEASE = Duration.ofSeconds(5);

	@Test
	void jobOfTheLeaderNeverRunsTwiceAtATimeAndItsTokensGrow(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test).arguments("--sample.ticks=" + PERIOD.toMillis())
			.start()) {
			cluster.awaitSettled();
			long end = System.nanoTime() + DURATION.toNanos();
			do {
				Tick first = awaitNext(cluster, new Tick(0, 0, 0, 0));
				print("a reload", cluster, GAP, () -> cluster.awaitReload(cluster.reload("{}").id()));
				assertThat(awaitNext(cluster, last(cluster)).token()).isGreaterThan(first.token());
				print("kill -9 of the leader", cluster, GAP, () -> {
					Tick before = last(cluster);
					ClusterProcess.signal(before.pid(), "KILL");
					assertThat(awaitOther(cluster, before).token()).isGreaterThan(before.token());
				});
				cluster.awaitSettled();
				print("SIGSTOP of the leader", cluster, LEASE.plus(GAP), () -> stop(cluster, last(cluster).pid()));
				cluster.awaitSettled();
				print("SIGSTOP of the primary", cluster, STOPPED.plus(GAP), () -> stop(cluster, cluster.pid()));
				cluster.awaitSettled();
			}
			while (System.nanoTime() < end);
			check(ticks(cluster));
			checkEvents(cluster);
		}
	}

	// The token that the leader has cannot outlive its lease
	private static void stop(ClusterProcess cluster, long pid) throws Exception {
		Tick before = last(cluster);
		ClusterProcess.signal(pid, "STOP");
		try {
			Awaitility.await("stop")
				.pollInterval(PERIOD)
				.during(STOPPED)
				.atMost(STOPPED.multipliedBy(2))
				.until(cluster::isAlive);
			if (pid != cluster.pid()) {
				assertThat(last(cluster).pid()).isNotEqualTo(pid);
			}
		}
		finally {
			ClusterProcess.signal(pid, "CONT");
		}
		assertThat(awaitNext(cluster, last(cluster)).token()).isGreaterThan(before.token());
	}

	private static void check(List<Tick> ticks) {
		assertThat(ticks).hasSizeGreaterThan(20);
		for (int i = 1; i < ticks.size(); i++) {
			Tick before = ticks.get(i - 1);
			Tick tick = ticks.get(i);
			assertThat(tick.token()).as("%s after %s", tick, before).isGreaterThanOrEqualTo(before.token());
			assertThat(tick.token() > before.token() || tick.pid() == before.pid()).as("%s after %s", tick, before)
				.isTrue();
			// One that was stopped in the middle of it has a token that tells
			assertThat(tick.from() > before.to() || before.time().compareTo(LEASE) > 0 && tick.token() > before.token())
				.as("%s after %s", tick, before)
				.isTrue();
		}
	}

	// Whoever has led has heard of it before any later leader, and whoever still lives of
	// the
	// end
	private static void checkEvents(ClusterProcess cluster) {
		List<Told> granted = told(cluster, "LeaderGranted");
		assertThat(granted).extracting(Told::token).isSorted().doesNotHaveDuplicates();
		assertThat(granted)
			.containsAll(ticks(cluster).stream().map((tick) -> new Told(tick.token(), tick.pid())).toList());
		List<Told> revoked = told(cluster, "LeaderRevoked");
		assertThat(revoked).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(2);
		assertThat(granted).containsAll(revoked);
	}

	private static List<Told> told(ClusterProcess cluster, String event) {
		return Pattern.compile(event + " token=(\\d+) pid=(\\d+)\n")
			.matcher(cluster.output().text())
			.results()
			.map((match) -> new Told(Long.parseLong(match.group(1)), Long.parseLong(match.group(2))))
			.toList();
	}

	private static void print(String what, ClusterProcess cluster, Duration limit, Step step) throws Exception {
		Tick before = last(cluster);
		step.run();
		awaitNext(cluster, last(cluster));
		Duration gap = longestGap(ticks(cluster).stream().filter((tick) -> tick.from() >= before.from()).toList());
		System.out.printf("Leader: longest gap over %s: %d ms%n", what, gap.toMillis());
		assertThat(gap).as("gap over %s, see %s", what, cluster.output().file()).isLessThan(limit);
	}

	private static Duration longestGap(List<Tick> ticks) {
		long longest = 0;
		for (int i = 1; i < ticks.size(); i++) {
			longest = Math.max(longest, ticks.get(i).from() - ticks.get(i - 1).from());
		}
		return Duration.ofNanos(longest);
	}

	private static Tick awaitNext(ClusterProcess cluster, Tick tick) {
		cluster.await("next tick", () -> !ticks(cluster).isEmpty() && last(cluster).from() > tick.from());
		return last(cluster);
	}

	private static Tick awaitOther(ClusterProcess cluster, Tick tick) {
		cluster.await("tick of another worker", () -> last(cluster).pid() != tick.pid());
		return last(cluster);
	}

	private static Tick last(ClusterProcess cluster) {
		List<Tick> ticks = ticks(cluster);
		return ticks.get(ticks.size() - 1);
	}

	private static List<Tick> ticks(ClusterProcess cluster) {
		return Pattern.compile("tick token=(\\d+) pid=(\\d+) from=(\\d+) to=(\\d+)\n")
			.matcher(cluster.output().text())
			.results()
			.map((match) -> new Tick(Long.parseLong(match.group(1)), Long.parseLong(match.group(2)),
					Long.parseLong(match.group(3)), Long.parseLong(match.group(4))))
			.sorted(Comparator.comparingLong(Tick::from))
			.toList();
	}

	/**
	 * A run of the job.
	 *
	 * @param token the token of its leader
	 * @param pid the leader
	 * @param from when it began, by the clock of the machine in nanoseconds
	 * @param to when it ended
	 */
	private record Tick(long token, long pid, long from, long to) {

		Duration time() {
			return Duration.ofNanos(this.to - this.from);
		}

	}

	/**
	 * What a worker has heard.
	 *
	 * @param token of which leadership
	 * @param pid which worker
	 */
	private record Told(long token, long pid) {

	}

	/**
	 * Something that is done to the cluster.
	 */
	private interface Step {

		void run() throws Exception;

	}

}
