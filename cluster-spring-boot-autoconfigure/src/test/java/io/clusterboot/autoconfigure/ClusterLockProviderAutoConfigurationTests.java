package io.clusterboot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.clusterboot.Cluster;
import io.clusterboot.ClusterLock;
import io.clusterboot.ClusterLock.Held;
import io.clusterboot.shedlock.ClusterLockProvider;
import io.clusterboot.worker.RemoteCluster;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.spring.annotation.EnableSchedulerLock;
import net.javacrumbs.shedlock.spring.annotation.SchedulerLock;
import org.junit.jupiter.api.Test;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Scheduled;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClusterLockProviderAutoConfiguration}.
 */
class ClusterLockProviderAutoConfigurationTests {

	private final ApplicationContextRunner plain = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(ClusterAutoConfiguration.class, ClusterLockProviderAutoConfiguration.class));

	private final List<String> done = new ArrayList<>();

	private final ApplicationContextRunner application = this.plain.withUserConfiguration(Application.class)
		.withBean(Reports.class, () -> () -> this.done.add("report"))
		.withBean(Owners.class, () -> () -> this.done.add("import"))
		.withBean(Jobs.class);

	@Test
	void jobsOfShedLockNeedNoDatabase() {
		this.application.run((context) -> {
			Cluster cluster = context.getBean(Cluster.class);
			Jobs jobs = context.getBean(Jobs.class);
			jobs.report();
			assertThat(this.done).containsExactly("report");
			try (Held held = cluster.lock("report").tryLock(Duration.ofHours(1))) {
				assertThat(held).isNotNull();
				jobs.report();
				jobs.importOwners();
			}
			assertThat(this.done).containsExactly("report", "import");
			jobs.report();
			assertThat(this.done).containsExactly("report", "import", "report");
		});
	}

	@Test
	void workerAsksItsPrimary() {
		RemoteCluster cluster = Mockito.mock(RemoteCluster.class);
		ClusterLock lock = Mockito.mock(ClusterLock.class);
		BDDMockito.given(cluster.lock("report")).willReturn(lock);
		this.application.withInitializer(Workers.joining(cluster)).run((context) -> {
			Jobs jobs = context.getBean(Jobs.class);
			jobs.report();
			assertThat(this.done).as("while another worker has the lock").isEmpty();
			BDDMockito.given(lock.tryLock(Duration.ofHours(1), Duration.ZERO)).willReturn(Mockito.mock(Held.class));
			jobs.report();
			assertThat(this.done).containsExactly("report");
		});
	}

	@Test
	void providerOfTheApplicationIsTheOnlyOne() {
		LockProvider mine = Mockito.mock(LockProvider.class);
		this.plain.withBean("mine", LockProvider.class, () -> mine)
			.run((context) -> assertThat(context).getBean(LockProvider.class).isSameAs(mine));
	}

	@Test
	void thereIsNoneWithoutShedLock() {
		this.plain.withClassLoader(new FilteredClassLoader(LockProvider.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ClusterLockProvider.class));
	}

	/**
	 * As in {@code docs/api.md}.
	 */
	static class Jobs {

		private final Cluster cluster;

		private final Reports reports;

		private final Owners owners;

		Jobs(Cluster cluster, Reports reports, Owners owners) {
			this.cluster = cluster;
			this.reports = reports;
			this.owners = owners;
		}

		@Scheduled(cron = "0 0 3 * * *")
		@SchedulerLock(name = "report", lockAtMostFor = "1h")
		void report() {
			this.reports.send();
		}

		void importOwners() {
			try (Held held = this.cluster.lock("import").tryLock(Duration.ofMinutes(10))) {
				if (held != null) {
					this.owners.read();
				}
			}
		}

	}

	interface Reports {

		void send();

	}

	interface Owners {

		void read();

	}

	@Configuration(proxyBeanMethods = false)
	@EnableSchedulerLock(defaultLockAtMostFor = "1h")
	static class Application {

	}

}
