package io.clusterboot.it;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a cluster goes through while users are logged in, none of whom may notice more
 * than that a worker which was killed did not answer.
 */
final class LoginTrial {

	private static final Duration DEATH = Duration.ofSeconds(2);

	private final ClusterProcess cluster;

	private final Map<Long, Instant> killed = new HashMap<>();

	LoginTrial(ClusterProcess cluster) {
		this.cluster = cluster;
	}

	static void go(LoggedIn users) {
		int before = users.answered();
		Awaitility.await("answers").until(() -> users.answered() > before + 200);
	}

	void reload() {
		this.cluster.awaitReload(this.cluster.reload("").id());
	}

	void kill() {
		long pid = this.cluster.status().worker(0).pid();
		this.killed.put(pid, Instant.now());
		ClusterProcess.signal(pid, "KILL");
		this.cluster.await("the next worker")
			.until(this.cluster::status, (status) -> status.isSettled() && !status.pids().contains(pid));
	}

	void assertNothingLost(LoggedIn users) {
		List<LoggedIn.Failure> failures = users.stop();
		System.out.printf("%d requests answered, %d broken with a worker%n", users.answered(), failures.size());
		assertThat(users.lost()).isEmpty();
		assertThat(failures).allSatisfy((failure) -> {
			assertThat(failure.what()).containsAnyOf("SocketException", "EOFException");
			assertThat(this.killed).anySatisfy((pid, time) -> assertThat(failure.pid() == pid
					|| (failure.pid() == 0 && Duration.between(time, failure.time()).abs().compareTo(DEATH) < 0))
				.isTrue());
		});
		assertThat(users.answered()).isGreaterThan(500);
	}

}
