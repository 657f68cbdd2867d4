package io.clusterboot.it.variant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;

import io.clusterboot.autoconfigure.ClusterLockProviderAutoConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.provider.jdbctemplate.JdbcTemplateLockProvider;
import net.javacrumbs.shedlock.spring.annotation.EnableSchedulerLock;
import net.javacrumbs.shedlock.spring.annotation.SchedulerLock;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * An application with jobs of which one worker is to do each, and which it writes down.
 * Its locks are in a database if it is told of one.
 */
@AutoConfiguration(before = ClusterLockProviderAutoConfiguration.class)
@EnableScheduling
@EnableSchedulerLock(defaultLockAtMostFor = "PT1H")
public class LockingAutoConfiguration {

	@Bean
	@ConditionalOnProperty("sample.database")
	static LockProvider databaseLockProvider(@Value("${sample.database}") String url) {
		return new JdbcTemplateLockProvider(JdbcTemplateLockProvider.Configuration.builder()
			.withJdbcTemplate(new JdbcTemplate(new DriverManagerDataSource(url)))
			.usingDbTime()
			.build());
	}

	@Scheduled(cron = "*/2 * * * * *")
	public void tick() throws IOException {
		trace("every");
	}

	@Scheduled(cron = "*/2 * * * * *")
	@SchedulerLock(name = "once", lockAtMostFor = "PT10S", lockAtLeastFor = "PT1.5S")
	public void tickOnce() throws IOException {
		trace("once");
	}

	@Scheduled(fixedDelay = 200)
	@SchedulerLock(name = "endless")
	public void workUntilInterrupted() throws IOException, InterruptedException {
		trace("endless");
		new CountDownLatch(1).await();
	}

	private static void trace(String what) throws IOException {
		Files.writeString(Path.of(System.getenv("SAMPLE_TRACE")),
				"%s %d %d%n".formatted(what, ProcessHandle.current().pid(), System.currentTimeMillis()),
				StandardOpenOption.CREATE, StandardOpenOption.APPEND);
	}

}
