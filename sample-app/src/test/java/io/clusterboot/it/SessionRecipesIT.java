package io.clusterboot.it;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import io.clusterboot.it.variant.LoginAutoConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.Driver;

import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.PersistenceExceptionTranslationAutoConfiguration;
import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionAutoConfiguration;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.session.data.redis.RedisSessionRepository;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The same users, with their sessions wherever users are told that they may have them:
 * three reloads and two workers that are killed log nobody out.
 */
@Tag("nightly")
class SessionRecipesIT {

	private static final int USERS = 20;

	private static final int RELOADS = 3;

	private static final int KILLS = 2;

	@TempDir
	private Path directory;

	@Test
	void loginsInThePrimaryOutliveWorkers(TestInfo test) throws Exception {
		assertThat(kept(test, Stream.empty())).isGreaterThanOrEqualTo(USERS);
	}

	@Test
	void loginsInPostgreSqlOutliveWorkers(TestInfo test) throws Exception {
		Stream<Class<?>> libraries = Stream.of(JdbcSessionAutoConfiguration.class, JdbcIndexedSessionRepository.class,
				DataSourceAutoConfiguration.class, DatabaseInitializationMode.class, TransactionAutoConfiguration.class,
				PersistenceExceptionTranslationAutoConfiguration.class, JdbcTemplate.class, DataAccessException.class,
				HikariDataSource.class, Driver.class);
		try (PostgresProcess postgres = new PostgresProcess()) {
			long inPrimary = kept(test, libraries, "--spring.datasource.url=" + postgres.url(),
					"--spring.datasource.username=" + PostgresProcess.USER,
					"--spring.session.jdbc.initialize-schema=always");
			assertThat(inPrimary).isZero();
			assertThat(postgres.count("SELECT count(*) FROM spring_session WHERE principal_name LIKE 'user%'"))
				.isGreaterThanOrEqualTo(USERS);
		}
	}

	@Test
	void loginsOnRedisOutliveWorkers(TestInfo test) throws Exception {
		Stream<Class<?>> libraries = Stream.concat(RedisBusIT.LIBRARIES.stream(),
				Stream.of(RedisSessionRepository.class));
		try (RedisProcess redis = new RedisProcess(this.directory)) {
			long inPrimary = kept(test, libraries, "--spring.data.redis.host=127.0.0.1",
					"--spring.data.redis.port=" + redis.port());
			assertThat(inPrimary).isZero();
			String sessions = Tool
				.run("redis-cli", "-p", String.valueOf(redis.port()), "--scan", "--pattern",
						"spring:session:sessions:*")
				.output();
			assertThat(sessions.lines()).hasSizeGreaterThanOrEqualTo(USERS);
		}
	}

	/**
	 * Have users log in, and workers come and go.
	 * @param test the test
	 * @param libraries a class of each library that has sessions kept where they are to
	 * be
	 * @param arguments how these are told where that is
	 * @return how much the primary keeps in the end
	 * @throws Exception if the cluster cannot be started
	 */
	private long kept(TestInfo test, Stream<Class<?>> libraries, String... arguments) throws Exception {
		List<Class<?>> all = Stream.concat(SessionIT.LIBRARIES.stream(), libraries).toList();
		ClusterLauncher launcher = new ClusterLauncher(test).with(this.directory, LoginAutoConfiguration.class, all)
			.arguments(arguments);
		try (ClusterProcess cluster = launcher.start()) {
			cluster.awaitSettled();
			LoginTrial trial = new LoginTrial(cluster);
			try (LoggedIn users = LoggedIn.users(cluster.port(), USERS)) {
				for (int i = 0; i < RELOADS; i++) {
					LoginTrial.go(users);
					trial.reload();
					if (i < KILLS) {
						trial.kill();
					}
				}
				LoginTrial.go(users);
				trial.assertNothingLost(users);
			}
			return cluster.status().primary().store().entries();
		}
	}

}
