package io.clusterboot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.clusterboot.Cluster;
import io.clusterboot.ClusterCounter;
import io.clusterboot.ClusterLeader;
import io.clusterboot.ClusterLock;
import io.clusterboot.ClusterLock.Held;
import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.WorkerState;
import io.clusterboot.event.LeaderEvent;
import io.clusterboot.event.LeaderGranted;
import io.clusterboot.lead.LeaderScheduling;
import io.clusterboot.store.ClusterStore;
import io.clusterboot.store.MemoryStore;
import io.clusterboot.worker.RemoteCluster;
import org.assertj.core.data.Offset;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import org.springframework.aop.support.AopUtils;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.annotation.SchedulingConfigurer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ClusterAutoConfiguration} and {@link LocalCluster}.
 */
class ClusterAutoConfigurationTests {

	private final ApplicationContextRunner plain = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class));

	@Test
	void applicationWithoutAClusterIsOneWorker() {
		this.plain.run((context) -> {
			Cluster cluster = context.getBean(Cluster.class);
			assertThat(cluster.isClustered()).isFalse();
			assertThat(cluster.snapshot().workers()).singleElement().satisfies((worker) -> {
				assertThat(worker.id()).isEqualTo(cluster.id());
				assertThat(worker.slot()).isEqualTo(cluster.slot());
				assertThat(worker.generation()).isEqualTo(cluster.generation());
				assertThat(worker.pid()).isEqualTo(ProcessHandle.current().pid());
				assertThat(worker.state()).isEqualTo(WorkerState.READY);
			});
			assertThat(cluster.reloads()).isEmpty();
			assertThat(cluster.incidents()).isEmpty();
		});
	}

	@Test
	void whatNeedsAPrimaryIsRefused() {
		this.plain.run((context) -> {
			Cluster cluster = context.getBean(Cluster.class);
			assertThatExceptionOfType(PrimaryUnavailableException.class).isThrownBy(() -> cluster.reload(null))
				.withMessage("This application runs without a cluster and cannot be reloaded");
			assertThatExceptionOfType(PrimaryUnavailableException.class)
				.isThrownBy(() -> cluster.worker(cluster.id()).kill());
			assertThat(cluster.worker(17).disconnect()).isFalse();
			assertThatIllegalArgumentException().isThrownBy(() -> cluster.scale(2));
			assertThat(cluster.scale(1)).isEqualTo(1);
		});
	}

	@Test
	void countersCountHere() {
		this.plain.run((context) -> {
			Cluster cluster = context.getBean(Cluster.class);
			ClusterCounter counter = cluster.counter("visits");
			assertThat(counter.get()).isZero();
			assertThat(counter.addAndGet(3)).isEqualTo(3);
			cluster.counter("visits").add(-1);
			assertThat(counter.get()).isEqualTo(2);
			assertThatIllegalArgumentException().isThrownBy(() -> cluster.counter("x".repeat(101)));
		});
	}

	@Test
	void applicationWithoutAClusterLeads() {
		List<LeaderEvent> heard = new ArrayList<>();
		this.plain.withInitializer((context) -> context.addApplicationListener((event) -> {
			if (event instanceof PayloadApplicationEvent<?> payload
					&& payload.getPayload() instanceof LeaderEvent change) {
				heard.add(change);
			}
		})).withBean(Job.class).withPropertyValues("cluster.scheduling=leader").run((context) -> {
			ClusterLeader leader = context.getBean(Cluster.class).leader();
			assertThat(leader.token().getAsLong()).isCloseTo(System.currentTimeMillis(), Offset.offset(600_000L));
			assertThat(leader.call((token) -> token)).hasValue(leader.token().getAsLong());
			assertThat(heard).isEmpty();
			context.publishEvent(new ApplicationReadyEvent(new SpringApplication(), new String[0],
					context.getSourceApplicationContext(), Duration.ZERO));
			assertThat(heard).containsExactly(new LeaderGranted(leader.token().getAsLong()));
			assertThat(AopUtils.isAopProxy(context.getBean(Job.class))).isTrue();
			assertThat(context.getBean(Job.class).run()).isEqualTo("ran");
		});
	}

	@Test
	void onlyWorkersScheduleByWhatHasRunElsewhere() {
		this.plain.run((context) -> assertThat(context).doesNotHaveBean(LeaderScheduling.class));
		this.plain.withInitializer(Workers.joining())
			.withUserConfiguration(OwnScheduling.class)
			.run((context) -> assertThat(context.getBeanProvider(SchedulingConfigurer.class).orderedStream().toList())
				.element(1)
				.isInstanceOf(LeaderScheduling.class));
	}

	@Test
	void locksAreKeptHere() {
		this.plain.run((context) -> {
			Cluster cluster = context.getBean(Cluster.class);
			ClusterLock lock = cluster.lock("job");
			Held held = lock.tryLock(Duration.ofHours(1));
			assertThat(held).isNotNull();
			assertThat(cluster.lock("job").tryLock(Duration.ofHours(1))).isNull();
			assertThat(held.extend(Duration.ofHours(2))).isTrue();
			held.close();
			assertThat(held.unlock()).isFalse();
			assertThat(lock.tryLock(Duration.ZERO)).isNotNull();
			assertThat(lock.tryLock(Duration.ofHours(1))).isNotNull();
			assertThatIllegalArgumentException().isThrownBy(() -> cluster.lock("x".repeat(101)));
		});
	}

	@Test
	void semaphoresAreKeptHere() {
		this.plain.run((context) -> {
			ClusterLock semaphore = context.getBean(Cluster.class).semaphore("job", 2);
			Held held = semaphore.tryLock(Duration.ofHours(1));
			assertThat(semaphore.tryLock(Duration.ofHours(1))).isNotNull();
			assertThat(semaphore.tryLock(Duration.ofHours(1))).isNull();
			held.close();
			assertThat(semaphore.tryLock(Duration.ofHours(1))).isNotNull();
		});
	}

	@Test
	void storeKeepsHere() {
		this.plain.run((context) -> {
			ClusterStore store = context.getBean(ClusterStore.class);
			assertThat(store.get("key")).isNull();
			store.put("key", new byte[] { 1 }, Duration.ofHours(1), "group");
			ClusterStore.Entry entry = store.get("key");
			assertThat(entry.value()).containsExactly(1);
			assertThat(store.replace("key", new byte[] { 2 }, Duration.ofHours(1), "group", -1)).isZero();
			assertThat(store.replace("key", new byte[] { 2 }, Duration.ofHours(1), "group", entry.version()))
				.isGreaterThan(entry.version());
			assertThat(store.renew("key", Duration.ofHours(2)).value()).containsExactly(2);
			assertThat(store.keys("group")).containsExactly("key");
			assertThat(store.remove("key")).isTrue();
			store.removeAll("group");
			assertThatIllegalArgumentException()
				.isThrownBy(() -> store.put("key", new byte[1024 * 1024 + 1], Duration.ofHours(1), null));
		});
	}

	@Test
	void storeIsAsLargeAsItIsToBe() {
		this.plain.withPropertyValues("cluster.store.max-size=0")
			.run((context) -> assertThatIllegalArgumentException()
				.isThrownBy(
						() -> context.getBean(ClusterStore.class).put("key", new byte[1], Duration.ofHours(1), null))
				.withMessageContaining("'cluster.store.max-size' is 0"));
		this.plain.withPropertyValues("cluster.store.max-size=2GB")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("cluster.store.max-size"));
		this.plain.withBean("ownStore", ClusterStore.class, () -> Mockito.mock(ClusterStore.class))
			.run((context) -> assertThat(context.getBean(ClusterStore.class)).isSameAs(context.getBean("ownStore")));
	}

	@Test
	void storeIsWhereTheBusIsUnlessTheApplicationHasItsOwn() {
		ApplicationContextRunner redis = this.plain
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
			.withPropertyValues("cluster.bus=redis", "spring.data.redis.url=redis://127.0.0.1:1");
		redis.run((context) -> {
			assertThat(context).hasSingleBean(ClusterStore.class).doesNotHaveBean(LocalStore.class);
			ClusterStore store = context.getBean(ClusterStore.class);
			assertThatExceptionOfType(PrimaryUnavailableException.class).isThrownBy(() -> store.get("key"))
				.withMessageContaining("Redis");
		});
		redis.withBean("own", ClusterStore.class, MemoryStore::new)
			.run((context) -> assertThat(context.getBean(ClusterStore.class)).isInstanceOf(MemoryStore.class));
	}

	@Test
	void methodsThatAreScheduledAreLeftAloneByDefault() {
		this.plain.withBean(Job.class)
			.run((context) -> assertThat(AopUtils.isAopProxy(context.getBean(Job.class))).isFalse());
	}

	@Test
	void locksHaveAsMuchRoomAsInACluster() {
		this.plain.run((context) -> {
			Cluster cluster = context.getBean(Cluster.class);
			for (int i = 0; i < 10_000; i++) {
				assertThat(cluster.lock("lock " + i).tryLock(Duration.ofHours(1))).isNotNull();
			}
			assertThatExceptionOfType(PrimaryUnavailableException.class)
				.isThrownBy(() -> cluster.lock("one more").tryLock(Duration.ofHours(1)));
		});
	}

	@Test
	void shutdownClosesTheApplication() {
		this.plain.run((context) -> {
			context.getBean(Cluster.class).shutdown();
			Awaitility.await()
				.atMost(Duration.ofSeconds(10))
				.until(() -> !context.getSourceApplicationContext().isActive());
		});
	}

	@Test
	void beanOfTheApplicationComesFirst() {
		Cluster mine = Mockito.mock(Cluster.class);
		this.plain.withBean("mine", Cluster.class, () -> mine)
			.run((context) -> assertThat(context.getBean(Cluster.class)).isSameAs(mine));
	}

	@Test
	void workerHasItsOwn() {
		this.plain.withInitializer(Workers.joining())
			.run((context) -> assertThat(context).getBean(Cluster.class).isInstanceOf(RemoteCluster.class));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnScheduling {

		@Bean
		SchedulingConfigurer configurer() {
			return (registrar) -> {
			};
		}

	}

	static class Job {

		@Scheduled(fixedRate = 1)
		String run() {
			return "ran";
		}

	}

}
