package io.clusterboot.it;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

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

	/**
	 * What an application needs for sessions and the form.
	 */
	static final List<Class<?>> LIBRARIES = List.of(Session.class, SessionAutoConfiguration.class,
			SecurityFilterChain.class, EnableWebSecurity.class, SecurityContext.class, PasswordEncoder.class);

	@TempDir
	private Path directory;

	@Test
	void loginsOutliveWorkers(TestInfo test) throws Exception {
		try (ClusterProcess cluster = launcher(test).start()) {
			cluster.awaitSettled();
			LoginTrial trial = new LoginTrial(cluster);
			try (LoggedIn users = LoggedIn.users(cluster.port(), 20)) {
				LoginTrial.go(users);
				trial.reload();
				scale(cluster, 3);
				trial.kill();
				LoginTrial.go(users);
				trial.assertNothingLost(users);
			}
		}
	}

	@Test
	@Tag("nightly")
	void loginsOutliveWhateverHappens(TestInfo test) throws Exception {
		try (ClusterProcess cluster = launcher(test).start()) {
			LoginTrial trial = new LoginTrial(cluster);
			trial.assertNothingLost(live(cluster, trial));
		}
	}

	// What it would be like without
	@Test
	@Tag("nightly")
	void loginsInMemoryAreLost(TestInfo test) throws Exception {
		try (ClusterProcess cluster = launcher(test).arguments("--cluster.sessions=none").start()) {
			LoggedIn users = live(cluster, new LoginTrial(cluster));
			users.stop();
			System.out.printf("With sessions in memory %d of %d requests found their login or balance lost%n",
					users.lost().size(), users.answered() + users.lost().size());
			assertThat(users.lost()).isNotEmpty();
		}
	}

	private static LoggedIn live(ClusterProcess cluster, LoginTrial trial) throws Exception {
		cluster.awaitSettled();
		Instant end = Instant.now().plus(Duration.ofMinutes(2));
		try (LoggedIn users = LoggedIn.users(cluster.port(), 50)) {
			for (int reload = 0; reload < 3; reload++) {
				trial.reload();
				if (reload < 2) {
					scale(cluster, (reload == 0) ? 4 : 2);
					trial.kill();
				}
			}
			Awaitility.await("two minutes").atMost(Duration.ofMinutes(3)).until(() -> Instant.now().isAfter(end));
			return users;
		}
	}

	private static void scale(ClusterProcess cluster, int workers) {
		HttpReply reply = cluster.post("/actuator/cluster/scale", "{\"workers\":%d}".formatted(workers));
		assertThat(reply.status()).as(reply.body()).isEqualTo(202);
		cluster.await(workers + " workers")
			.until(cluster::status, (status) -> status.isSettled() && status.target() == workers);
	}

	private ClusterLauncher launcher(TestInfo test) throws Exception {
		return new ClusterLauncher(test).with(this.directory, LoginAutoConfiguration.class, LIBRARIES);
	}

}
