package io.clusterboot.it;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A primary that slept kills nobody when it wakes.
 */
class StoppedPrimaryIT {

	private static final Duration STOPPED = Duration.ofSeconds(Nightly.orElse(90, 10));

	// Nightly that of real life
	private static final Duration HANG_TIMEOUT = Duration.ofSeconds(Nightly.orElse(60, 4));

	@Test
	void timeThatThePrimaryDidNotSeeIsNobodysFault(TestInfo test) throws Exception {
		ClusterLauncher launcher = new ClusterLauncher(test)
			.arguments("--cluster.worker.hang-timeout=" + HANG_TIMEOUT.toSeconds() + "s");
		try (ClusterProcess cluster = launcher.start()) {
			ClusterStatus before = cluster.awaitSettled();
			try (Clients clients = Clients.connecting(cluster.port(), "/", 2)) {
				cluster.signal("STOP");
				try {
					assertServedFor(STOPPED, clients);
				}
				finally {
					cluster.signal("CONT");
				}
				assertNobodyIsKilled(cluster, before);
				clients.assertNoneFailed();
			}
			assertThat(cluster.incidents()).isEmpty();
			assertThat(cluster.output().lines(" hangs: ")).isEmpty();
		}
	}

	private void assertNobodyIsKilled(ClusterProcess cluster, ClusterStatus before) {
		Awaitility.await("nobody is killed, see " + cluster.output().file())
			.pollInterval(Duration.ofMillis(200))
			.during(Duration.ofSeconds(8))
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> {
				ClusterStatus now = cluster.status();
				assertThat(now.isSettled()).isTrue();
				assertThat(now.pids()).isEqualTo(before.pids());
			});
	}

	private void assertServedFor(Duration time, Clients clients) {
		AtomicInteger last = new AtomicInteger();
		Awaitility.await("requests are answered all along")
			.pollInterval(Duration.ofSeconds(2))
			.during(time)
			.atMost(time.plusSeconds(10))
			.until(() -> clients.succeeded() > last.getAndSet(clients.succeeded()));
	}

}
