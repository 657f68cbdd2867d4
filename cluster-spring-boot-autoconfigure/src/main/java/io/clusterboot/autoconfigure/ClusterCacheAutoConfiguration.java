package io.clusterboot.autoconfigure;

import java.time.Duration;

import io.clusterboot.Cluster;
import io.clusterboot.bootstrap.WorkerRun;
import io.clusterboot.cache.EvictingCacheManagers;
import io.clusterboot.cache.SharedCacheManager;
import io.clusterboot.contract.CacheEvictions;
import io.clusterboot.store.ClusterStore;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for caches of which all workers
 * evict what one evicts, and for caches that they share.
 */
@AutoConfiguration
@Import({ ClusterCacheAutoConfiguration.Registrar.class, ClusterCacheAutoConfiguration.SharedRegistrar.class })
public final class ClusterCacheAutoConfiguration {

	static class Registrar extends WorkerBeanRegistrar<EvictingCacheManagers> {

		Registrar() {
			super(EvictingCacheManagers.class.getName(), EvictingCacheManagers.class);
		}

		private boolean enabled;

		@Override
		boolean isWanted(ConfigurableListableBeanFactory beanFactory) {
			this.enabled = Binder.get(beanFactory.getBean(Environment.class))
				.bind("cluster.caches.evict", CacheEvictions.class)
				.orElse(CacheEvictions.NONE) == CacheEvictions.ALL;
			return true;
		}

		@Override
		EvictingCacheManagers create(WorkerRun run) {
			return new EvictingCacheManagers(run.runtime().cluster().messages(), this.enabled);
		}

	}

	/**
	 * Registers a cache manager that is nobody's default, unless that is wanted: what a
	 * cache without a name of its manager is, is decided as if it were not there.
	 * Conditions do not see it, so Spring Boot does not back off.
	 */
	static class SharedRegistrar implements BeanFactoryPostProcessor {

		private static final String NAME = "clusterCacheManager";

		private static final Duration TIME_TO_LIVE = Duration.ofHours(1);

		@Override
		public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
			if (Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING) || beanFactory.containsBean(NAME)) {
				return;
			}
			Binder binder = Binder.get(beanFactory.getBean(Environment.class));
			boolean forAll = binder.bind("cluster.cache.as-default", Boolean.class).orElse(false);
			Duration timeToLive = binder.bind("cluster.cache.time-to-live", Duration.class).orElse(TIME_TO_LIVE);
			AbstractBeanDefinition definition = BeanDefinitionBuilder
				.rootBeanDefinition(SharedCacheManager.class, () -> create(beanFactory, timeToLive))
				.setLazyInit(true)
				.getBeanDefinition();
			definition.setPrimary(forAll);
			definition.setDefaultCandidate(forAll);
			((BeanDefinitionRegistry) beanFactory).registerBeanDefinition(NAME, definition);
		}

		private static SharedCacheManager create(ConfigurableListableBeanFactory beanFactory, Duration timeToLive) {
			ObjectProvider<JsonMapper> mapper = beanFactory.getBeanProvider(JsonMapper.class);
			return new SharedCacheManager(beanFactory.getBean(ClusterStore.class),
					beanFactory.getBean(Cluster.class)::lock, timeToLive, () -> mapper.getIfUnique(JsonMapper::new),
					beanFactory.getBeanClassLoader());
		}

	}

}
