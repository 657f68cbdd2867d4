package io.clusterboot.autoconfigure;

import io.clusterboot.bootstrap.WorkerRun;
import io.clusterboot.cache.EvictingCacheManagers;
import io.clusterboot.contract.CacheEvictions;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for caches of which all workers
 * evict what one evicts.
 */
@AutoConfiguration
@Import(ClusterCacheAutoConfiguration.Registrar.class)
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

}
