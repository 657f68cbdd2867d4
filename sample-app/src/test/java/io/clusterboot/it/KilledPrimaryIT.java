package io.clusterboot.it;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * A primary that is killed leaves nobody behind, whenever it happens.
 */
class KilledPrimaryIT {

	private static final int TIMES = Nightly.orElse(100, 3);

	private static final Duration FIRST_SECOND = Duration.ofMillis(1500);

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

}
