package io.clusterboot.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.clusterboot.ClusterLock;
import io.clusterboot.ClusterLock.Held;
import io.clusterboot.cache.SharedCacheManager;
import io.clusterboot.store.ClusterStore;
import io.clusterboot.store.MemoryStore;
import io.clusterboot.worker.RemoteCluster;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentMatchers;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ClusterCacheAutoConfiguration} and its shared caches.
 */
class ClusterCacheAutoConfigurationTests {

	private final MemoryStore store = new MemoryStore();

	private final ApplicationContextRunner withoutSpringBoots = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class, ClusterCacheAutoConfiguration.class))
		.withUserConfiguration(Application.class)
		.withBean(ClusterStore.class, () -> this.store)
		.withBean(CachedReports.class)
		.withBean(Injected.class);

	private final ApplicationContextRunner application = this.withoutSpringBoots
		.withConfiguration(AutoConfigurations.of(CacheAutoConfiguration.class));

	@Test
	void whoNamesItHasIt() {
		this.application.run((context) -> {
			assertThat(context.getBean("clusterCacheManager")).isInstanceOf(SharedCacheManager.class);
			Reports reports = context.getBean(Reports.class);
			assertThat(reports.shared("a")).isEqualTo(List.of("a")).isEqualTo(reports.shared("a"));
			assertThat(reports.computed()).containsExactly("a");
			assertThat(this.store.keys()).hasSize(1);
		});
	}

	@Test
	void whoNamesNoneHasTheOneOfSpringBootAsBefore() {
		this.application.run((context) -> {
			CacheManager manager = context.getBean(CacheManager.class);
			assertThat(manager).isInstanceOf(ConcurrentMapCacheManager.class);
			assertThat(context.getBean(Injected.class).cacheManager).isSameAs(manager);
			context.getBean(Reports.class).unnamed("a");
			assertThat(manager.getCacheNames()).containsExactly("unnamed");
			assertThat(this.store.keys()).isEmpty();
		});
		this.application.withPropertyValues("spring.cache.type=none")
			.run((context) -> assertThat(context.getBean(CacheManager.class)).isInstanceOf(NoOpCacheManager.class));
	}

	@Test
	void whoNamesNoneHasTheOneOfTheApplicationAsBefore() {
		ConcurrentMapCacheManager mine = new ConcurrentMapCacheManager();
		this.application.withBean("mine", CacheManager.class, () -> mine).run((context) -> {
			assertThat(context.getBean(CacheManager.class)).isSameAs(mine);
			assertThat(context.getBean(Injected.class).cacheManager).isSameAs(mine);
			context.getBean(Reports.class).unnamed("a");
			assertThat(mine.getCacheNames()).containsExactly("unnamed");
			context.getBean(Reports.class).shared("a");
			assertThat(this.store.keys()).hasSize(1);
		});
	}

	@Test
	void whoNamesNoneHasItWhereThatIsSaid() {
		this.application.withPropertyValues("cluster.cache.as-default=true").run((context) -> {
			assertThat(context.getBean(CacheManager.class)).isInstanceOf(SharedCacheManager.class);
			assertThat(context.getBean(Injected.class).cacheManager).isInstanceOf(SharedCacheManager.class);
			context.getBean(Reports.class).unnamed("a");
			assertThat(this.store.keys()).hasSize(1);
		});
	}

	@Test
	void whoNamesNoneHasItWhereThereIsNoOther() {
		this.withoutSpringBoots.run((context) -> {
			context.getBean(Reports.class).unnamed("a");
			assertThat(this.store.keys()).hasSize(1);
		});
	}

	@Test
	void beanOfThatNameIsTheOneOfTheApplication() {
		ConcurrentMapCacheManager mine = new ConcurrentMapCacheManager();
		this.application.withBean("clusterCacheManager", CacheManager.class, () -> mine)
			.run((context) -> assertThat(context).getBean("clusterCacheManager").isSameAs(mine));
	}

	@Test
	void valuesLiveAsLongAsIsSaid() {
		this.application.run((context) -> {
			context.getBean(Reports.class).shared("a");
			assertThat(this.store.timeToLive(this.store.keys().get(0))).hasHours(1);
		});
		this.store.removeAll("cache shared");
		this.application.withPropertyValues("cluster.cache.time-to-live=5m").run((context) -> {
			context.getBean(Reports.class).shared("a");
			assertThat(this.store.timeToLive(this.store.keys().get(0))).hasMinutes(5);
		});
		this.application.withPropertyValues("cluster.cache.time-to-live=0s")
			.run((context) -> assertThatExceptionOfType(BeanCreationException.class)
				.isThrownBy(() -> context.getBean("clusterCacheManager"))
				.havingRootCause()
				.withMessageContaining("'cluster.cache.time-to-live' must be a duration greater than zero"));
	}

	@Test
	void workerHasItWithTheLocksOfItsPrimaryAndTellsNobodyOfEvictions() {
		RemoteCluster cluster = Mockito.mock(RemoteCluster.class);
		ClusterLock lock = Mockito.mock(ClusterLock.class);
		Held held = Mockito.mock(Held.class);
		BDDMockito.given(cluster.lock(ArgumentMatchers.startsWith("cache "))).willReturn(lock);
		BDDMockito.given(lock.tryLock(ArgumentMatchers.any())).willReturn(held);
		this.application.withInitializer(Workers.joining(cluster))
			.withPropertyValues("cluster.caches.evict=all")
			.run((context) -> {
				assertThat(context.getBean("clusterCacheManager")).isExactlyInstanceOf(SharedCacheManager.class);
				assertThat(context.getBean(CacheManager.class)).isInstanceOf(ConcurrentMapCacheManager.class)
					.isNotExactlyInstanceOf(ConcurrentMapCacheManager.class);
				Reports reports = context.getBean(Reports.class);
				assertThat(reports.once("a")).isEqualTo(reports.once("a"));
				assertThat(reports.computed()).containsExactly("a");
				BDDMockito.then(held).should().unlock();
			});
	}

	interface Reports {

		List<String> shared(String name);

		Map<String, Long> once(String name);

		List<String> unnamed(String name);

		List<String> computed();

	}

	static class CachedReports implements Reports {

		private final List<String> computed = new ArrayList<>();

		@Override
		@Cacheable(cacheNames = "shared", cacheManager = "clusterCacheManager")
		public List<String> shared(String name) {
			this.computed.add(name);
			return List.of(name);
		}

		@Override
		@Cacheable(cacheNames = "once", cacheManager = "clusterCacheManager", sync = true)
		public Map<String, Long> once(String name) {
			this.computed.add(name);
			return Map.of(name, 5L);
		}

		@Override
		@Cacheable("unnamed")
		public List<String> unnamed(String name) {
			return List.of(name);
		}

		@Override
		public List<String> computed() {
			return this.computed;
		}

	}

	static class Injected {

		private final @Nullable CacheManager cacheManager;

		Injected(ObjectProvider<CacheManager> cacheManagers) {
			this.cacheManager = cacheManagers.getIfAvailable();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	static class Application {

	}

}
