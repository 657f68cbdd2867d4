package io.clusterboot.it;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/**
 * A primary that is killed leaves nobody behind, whenever it happens.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class KilledPrimaryIT {

	private static final int TIMES = Nightly.orElse(100, 3);

	private static final Duration FIRST_SECOND = Duration.ofMillis(1500);

	// Three kills each
	private static final int ROUNDS = Nightly.orElse(67, 1);

	// About as long as a start, and a reload of two workers, take on an idle machine
	private static final Duration START = Duration.ofSeconds(4);

	private static final Duration RELOAD = Duration.ofSeconds(6);

	// To read that nobody is there, which it does while it starts
	private static final Duration WORKER = Duration.ofSeconds(30);

	@Test
	void workerThatHasNotBegunYetBecomesNoPrimary(TestInfo test) throws Exception {
		for (int i = 0; i < TIMES; i++) {
			try (ClusterProcess cluster = new ClusterLauncher(test).named("first-" + i).workers("1").start()) {
				cluster.awaitOutput("worker=1 slot=0 gen=1 pid=\\d+ forked");
				Duration moment = FIRST_SECOND.multipliedBy(i).dividedBy(TIMES);
				Awaitility.await().pollDelay(moment).until(() -> true);
				cluster.signal("KILL");
				Awaitility.await("end of the worker").atMost(WORKER).until(() -> cluster.processes().isEmpty());
				cluster.assertNothingLeft();
			}
		}
	}

	@Test
	void workersThatAreStoppedOrDoNotEndByThemselvesEndToo(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test)
			.arguments("--sample.close-delay=1h", "--cluster.drain.timeout=2s", "--cluster.drain.close-timeout=2s")
			.start()) {
			ClusterProcess.signal(cluster.awaitSettled().worker(1).pid(), "STOP");
			cluster.signal("KILL");
			awaitGone(cluster);
		}
	}

	/**
	 * A start gives up after 2 s if somebody has the port.
	 * @param test the test
	 * @throws Exception if a start fails
	 */
	@Test
	void nextStartSucceedsWheneverThePrimaryWasKilled(TestInfo test) throws Exception {
		int port = ClusterLauncher.freePort();
		Random random = new Random();
		Deque<ClusterProcess> all = new ArrayDeque<>();
		try {
			for (int i = 0; i < ROUNDS; i++) {
				ClusterProcess starting = start(test, port, "starting-" + i, all);
				kill(starting, START.multipliedBy(random.nextInt(100)).dividedBy(100));
				ClusterProcess reloading = start(test, port, "reloading-" + i, all);
				awaitGone(starting);
				reloading.awaitSettled();
				reloading.reload("");
				kill(reloading, RELOAD.multipliedBy(random.nextInt(100)).dividedBy(100));
				ClusterProcess serving = start(test, port, "serving-" + i, all);
				awaitGone(reloading);
				serving.awaitSettled();
				kill(serving, Duration.ZERO);
				awaitGone(serving);
			}
		}
		finally {
			all.forEach(ClusterProcess::close);
		}
	}

	private static ClusterProcess start(TestInfo test, int port, String name, Deque<ClusterProcess> all)
			throws IOException {
		ClusterProcess cluster = new ClusterLauncher(test).named(name).port(port).start();
		all.push(cluster);
		return cluster;
	}

	private static void kill(ClusterProcess cluster, Duration moment) {
		Awaitility.await().pollDelay(moment).until(() -> true);
		cluster.signal("KILL");
	}

	private static void awaitGone(ClusterProcess cluster) {
		Awaitility.await("end of the workers, see " + cluster.output().file())
			.atMost(WORKER)
			.until(() -> cluster.processes().isEmpty());
	}

}
