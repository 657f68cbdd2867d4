package io.clusterboot.autoconfigure;

import io.clusterboot.Cluster;
import io.clusterboot.shedlock.ClusterLockProvider;
import net.javacrumbs.shedlock.core.LockProvider;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for ShedLock with the locks of the
 * {@link Cluster}, whatever that is in this process. It backs off where the application
 * has a {@link LockProvider}.
 */
@AutoConfiguration
@ConditionalOnClass(LockProvider.class)
public final class ClusterLockProviderAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(LockProvider.class)
	ClusterLockProvider clusterLockProvider(Cluster cluster) {
		return new ClusterLockProvider(cluster);
	}

}
