package io.clusterboot.lead;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.clusterboot.Cluster;
import io.clusterboot.OncePerCluster;
import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LeaderScheduling}, with Spring's own scheduling.
 */
class LeaderSchedulingTests {

	private static final List<String> DONE = new CopyOnWriteArrayList<>();

	private static final String NAME = Schedule.class.getName();

	private final List<Message> sent = new CopyOnWriteArrayList<>();

	private final WorkerLeader leader = new WorkerLeader(this::answer);

	private final Cluster cluster = Mockito.mock();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withBean(Cluster.class, () -> this.cluster)
		.withBean(OncePerClusterPostProcessor.class, () -> new OncePerClusterPostProcessor(false))
		.withUserConfiguration(Schedule.class)
		.withInitializer(
				(context) -> context.addBeanFactoryPostProcessor((beans) -> ((GenericApplicationContext) context)
					.registerBean(LeaderScheduling.class, () -> new LeaderScheduling(this.cluster::leader, false))));

	@BeforeEach
	void begin() {
		DONE.clear();
		BDDMockito.given(this.cluster.leader()).willReturn(this.leader);
	}

	@Test
	void whatHasNeverRunDoesWhenThisWorkerLeads() {
		this.runner.run((context) -> {
			Awaitility.await().until(() -> DONE.contains("each"));
			assertThat(DONE).doesNotContain("hourly", "slow");
			lead(7);
			Awaitility.await().until(() -> DONE.containsAll(List.of("hourly", "slow")));
			Awaitility.await().until(() -> ran("periodic " + NAME + ".slow 1").size() == 2);
			assertThat(ran("periodic " + NAME + ".hourly 1")).hasSize(1);
		});
	}

	@Test
	void whatHasRunElsewhereRunsWhenItIsDueAndNotBefore() {
		this.runner.run((context) -> {
			long now = System.nanoTime();
			hears("periodic " + NAME + ".hourly 1", now - TimeUnit.MINUTES.toNanos(50));
			hears("periodic " + NAME + ".slow 1",
					now - TimeUnit.MINUTES.toNanos(60) + TimeUnit.MILLISECONDS.toNanos(300));
			lead(7);
			Awaitility.await().until(() -> DONE.contains("slow"));
			assertThat(System.nanoTime() - now).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(300));
			assertThat(DONE).doesNotContain("hourly");
		});
	}

	@Test
	void jobRunsAgainWheneverThisWorkerLeads() {
		this.runner.run((context) -> {
			lead(7);
			Awaitility.await().until(() -> DONE.contains("often"));
			this.leader.hears(new Leading.Resign(7));
			Awaitility.await().until(() -> this.sent.contains(new Leading.Resigned(7)));
			DONE.clear();
			lead(8);
			Awaitility.await().until(() -> DONE.contains("often"));
			assertThat(DONE).doesNotContain("hourly", "slow");
		});
	}

	@Test
	void jobOfAnInstantRunsOnceForIt() {
		this.runner.run((context) -> {
			hears("cron " + NAME + ".everySecond 1", System.currentTimeMillis() + 2100);
			lead(7);
			long start = System.currentTimeMillis();
			Awaitility.await().until(() -> DONE.contains("second"));
			assertThat(System.currentTimeMillis() - start).isGreaterThan(1500);
		});
	}

	@Test
	void schedulersOfTheApplicationAreUsed() {
		this.runner.withUserConfiguration(OwnScheduler.class, Configured.class).run((context) -> {
			lead(7);
			Awaitility.await().until(() -> DONE.contains("thread mine-1"));
		});
	}

	@Test
	void threadsMayBeVirtualOrNew() {
		this.runner.withBean(TaskScheduler.class, SimpleAsyncTaskScheduler::new).run((context) -> {
			lead(7);
			Awaitility.await().until(() -> DONE.containsAll(List.of("hourly", "slow", "often", "second")));
			Awaitility.await().until(() -> DONE.stream().filter("often"::equals).count() > 2);
		});
	}

	@Test
	void jobEndsWithItsContext() {
		this.runner.run((context) -> {
			lead(7);
			Awaitility.await().until(() -> DONE.contains("often"));
		});
		DONE.clear();
		Awaitility.await().during(Duration.ofMillis(100)).until(DONE::isEmpty);
	}

	private void hears(String job, long time) {
		this.leader.hears(new Leading.LastRun(job, time));
	}

	private List<Leading.Ran> ran(String job) {
		return this.sent.stream()
			.filter(Leading.Ran.class::isInstance)
			.map(Leading.Ran.class::cast)
			.filter((run) -> run.job().equals(job))
			.toList();
	}

	private void lead(long token) {
		this.leader.hears(new Leading.Grant(token, false, Duration.ofMinutes(10), Duration.ZERO));
		Awaitility.await().until(() -> this.leader.token().orElse(0) == token);
	}

	private void answer(Message message) {
		this.sent.add(message);
		if (message instanceof Request.Lease lease) {
			this.leader.hears(new Reply.Lease(lease.id(), true));
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	static class Schedule {

		@OncePerCluster
		@Scheduled(fixedRate = 1, timeUnit = TimeUnit.HOURS)
		void hourly() {
			DONE.add("hourly");
		}

		@OncePerCluster
		@Scheduled(fixedDelay = 1, timeUnit = TimeUnit.HOURS)
		void slow() {
			DONE.add("slow");
		}

		@OncePerCluster
		@Scheduled(fixedRate = 10)
		void often() {
			DONE.add("often");
			DONE.add("thread " + Thread.currentThread().getName());
		}

		@OncePerCluster
		@Scheduled(cron = "* * * * * *")
		void everySecond() {
			DONE.add("second");
		}

		@Scheduled(fixedRate = 10)
		void each() {
			DONE.add("each");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnScheduler {

		@Bean
		ThreadPoolTaskScheduler mine() {
			ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
			scheduler.setThreadNamePrefix("mine-");
			return scheduler;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Configured {

		@Bean
		SchedulingConfigurer configurer(ThreadPoolTaskScheduler mine) {
			return (registrar) -> registrar.setTaskScheduler(mine);
		}

	}

}
