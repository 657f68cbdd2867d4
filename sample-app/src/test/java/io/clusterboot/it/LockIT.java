package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import io.clusterboot.it.variant.LockingAutoConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.provider.jdbctemplate.JdbcTemplateLockProvider;
import net.javacrumbs.shedlock.provider.sql.SqlConfiguration;
import net.javacrumbs.shedlock.spring.annotation.SchedulerLock;
import org.h2.Driver;
import org.h2.tools.Server;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Jobs of which one worker is to do each, by ShedLock: an application without a database
 * does what the same application does with its locks in one, and in one case better.
 */
class LockIT {

	// Of 1500 ms between two, some pass until what happened is written down
	private static final int APART = 500;

	private static final int TICKS = 4;

	@TempDir
	private Path directory;

	private Path trace;

	@BeforeEach
	void prepare() throws IOException {
		this.trace = Files.createFile(this.directory.resolve("trace"));
	}

	@Test
	void jobsRunOnceWithoutADatabaseAndEndWithTheirWorker(TestInfo test) throws Exception {
		try (ClusterProcess cluster = launcher(test).start()) {
			long holder = jobsRunOnceOverAReload(cluster);
			ClusterProcess.signal(holder, "KILL");
			cluster.await("the next to hold it", () -> pids("endless").size() == 3);
			assertThat(pids("endless").get(2)).isNotEqualTo(holder);
			awaitTicks(cluster);
			assertThat(pids("endless")).hasSize(3);
			assertRunsAreApart();
		}
	}

	@Test
	@Tag("nightly")
	void jobsRunOnceWithADatabaseAndTheirLockOutlivesTheirWorker(TestInfo test) throws Exception {
		Server database = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
		String url = "jdbc:h2:tcp://localhost:%d/mem:locks".formatted(database.getPort());
		try (Connection connection = DriverManager.getConnection(url);
				ClusterProcess cluster = launcher(test).arguments("--sample.database=" + prepared(connection, url))
					.start()) {
			long holder = jobsRunOnceOverAReload(cluster);
			ClusterProcess.signal(holder, "KILL");
			awaitTicks(cluster);
			assertThat(pids("endless")).hasSize(2);
			assertRunsAreApart();
		}
		finally {
			database.stop();
		}
	}

	private long jobsRunOnceOverAReload(ClusterProcess cluster) throws Exception {
		ClusterStatus before = cluster.awaitSettled();
		awaitTicks(cluster);
		assertThat(pids("every")).as("who would do a job without a lock").containsAll(before.pids());
		assertThat(pids("endless")).singleElement().satisfies((pid) -> assertThat(before.pids()).contains(pid));
		ClusterStatus after = cluster.awaitReload(cluster.reload("{\"strategy\":\"parallel\"}").id());
		cluster.await("the next to hold it", () -> pids("endless").size() == 2);
		awaitTicks(cluster);
		assertThat(pids("endless")).hasSize(2);
		long holder = pids("endless").get(1);
		assertThat(after.pids()).contains(holder);
		return holder;
	}

	private ClusterLauncher launcher(TestInfo test) throws IOException {
		return new ClusterLauncher(test)
			.with(this.directory, LockingAutoConfiguration.class, LockProvider.class, SchedulerLock.class,
					JdbcTemplateLockProvider.class, SqlConfiguration.class, JdbcTemplate.class,
					DataAccessException.class, Driver.class)
			.environment("SAMPLE_TRACE", this.trace.toString())
			// One of them works until it is interrupted, which is after that time
			.arguments("--spring.task.scheduling.pool.size=4", "--spring.lifecycle.timeout-per-shutdown-phase=1s",
					"--cluster.drain.close-timeout=30s");
	}

	private static String prepared(Connection connection, String url) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("CREATE TABLE shedlock (name VARCHAR(64) PRIMARY KEY, lock_until TIMESTAMP(3) NOT NULL, "
					+ "locked_at TIMESTAMP(3) NOT NULL, locked_by VARCHAR(255) NOT NULL)");
		}
		return url;
	}

	private void awaitTicks(ClusterProcess cluster) throws IOException {
		int ticks = pids("once").size();
		cluster.await("ticks", () -> pids("once").size() >= ticks + TICKS);
	}

	private void assertRunsAreApart() throws IOException {
		List<Long> times = traced("once", 2);
		for (int i = 1; i < times.size(); i++) {
			assertThat(times.get(i) - times.get(i - 1)).as("between two of " + times).isGreaterThan(APART);
		}
	}

	private List<Long> pids(String what) throws IOException {
		return traced(what, 1);
	}

	private List<Long> traced(String what, int column) throws IOException {
		return Files.readAllLines(this.trace)
			.stream()
			.map((line) -> line.split(" "))
			.filter((line) -> line[0].equals(what))
			.map((line) -> Long.valueOf(line[column]))
			.toList();
	}

}
