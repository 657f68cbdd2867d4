package io.clusterboot.it;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.clusterboot.it.variant.LoginAutoConfiguration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.session.autoconfigure.SessionAutoConfiguration;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.session.Session;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Users who are logged in by Spring Security's form stay so, whatever becomes of the
 * workers.
 */
class SessionIT {

	private static final Duration DEATH = Duration.ofSeconds(2);

	@TempDir
	private Path directory;

	private final Map<Long, Instant> killed = new HashMap<>();

	@Test
	void loginsOutliveWorkers(TestInfo test) throws Exception {
		try (ClusterProcess cluster = launcher(test).start()) {
			cluster.awaitSettled();
			try (LoggedIn users = LoggedIn.users(cluster.port(), 20)) {
				go(users);
				cluster.awaitReload(cluster.reload("").id());
				scale(cluster, 3);
				kill(cluster);
				go(users);
				assertNothingLost(users);
			}
		}
	}

	@Test
	@Tag("nightly")
	void loginsOutliveWhateverHappens(TestInfo test) throws Exception {
		try (ClusterProcess cluster = launcher(test).start()) {
			assertNothingLost(live(cluster));
		}
	}

	// What it would be like without
	@Test
	@Tag("nightly")
	void loginsInMemoryAreLost(TestInfo test) throws Exception {
		try (ClusterProcess cluster = launcher(test).arguments("--cluster.sessions=none").start()) {
			LoggedIn users = live(cluster);
			users.stop();
			System.out.printf("With sessions in memory %d of %d requests found their login or balance lost%n",
					users.lost().size(), users.answered() + users.lost().size());
			assertThat(users.lost()).isNotEmpty();
		}
	}

	private LoggedIn live(ClusterProcess cluster) throws Exception {
		cluster.awaitSettled();
		Instant end = Instant.now().plus(Duration.ofMinutes(2));
		try (LoggedIn users = LoggedIn.users(cluster.port(), 50)) {
			for (int reload = 0; reload < 3; reload++) {
				cluster.awaitReload(cluster.reload("").id());
				if (reload < 2) {
					scale(cluster, (reload == 0) ? 4 : 2);
					kill(cluster);
				}
			}
			Awaitility.await("two minutes").atMost(Duration.ofMinutes(3)).until(() -> Instant.now().isAfter(end));
			return users;
		}
	}

	private void assertNothingLost(LoggedIn users) {
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

	private static void go(LoggedIn users) {
		int before = users.answered();
		Awaitility.await("answers").until(() -> users.answered() > before + 200);
	}

	private static void scale(ClusterProcess cluster, int workers) {
		HttpReply reply = cluster.post("/actuator/cluster/scale", "{\"workers\":%d}".formatted(workers));
		assertThat(reply.status()).as(reply.body()).isEqualTo(202);
		cluster.await(workers + " workers")
			.until(cluster::status, (status) -> status.isSettled() && status.target() == workers);
	}

	private void kill(ClusterProcess cluster) {
		long pid = cluster.status().worker(0).pid();
		this.killed.put(pid, Instant.now());
		ClusterProcess.signal(pid, "KILL");
		cluster.await("the next worker")
			.until(cluster::status, (status) -> status.isSettled() && !status.pids().contains(pid));
	}

	private ClusterLauncher launcher(TestInfo test) throws Exception {
		List<Class<?>> libraries = List.of(Session.class, SessionAutoConfiguration.class, SecurityFilterChain.class,
				EnableWebSecurity.class, SecurityContext.class, PasswordEncoder.class);
		return new ClusterLauncher(test).application(
				FastSample.with(this.directory, LoginAutoConfiguration.class, libraries).toArray(String[]::new));
	}

}
