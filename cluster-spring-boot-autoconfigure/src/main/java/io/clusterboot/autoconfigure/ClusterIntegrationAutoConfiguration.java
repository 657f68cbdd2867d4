package io.clusterboot.autoconfigure;

import io.clusterboot.Cluster;
import io.clusterboot.integration.IntegrationLeaderEvents;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.integration.leader.event.AbstractLeaderEvent;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for Spring Integration, whose
 * endpoints may run on the leader only.
 */
@AutoConfiguration
@ConditionalOnClass(AbstractLeaderEvent.class)
public final class ClusterIntegrationAutoConfiguration {

	@Bean
	IntegrationLeaderEvents clusterIntegrationLeaderEvents(Cluster cluster, ApplicationEventPublisher publisher) {
		return new IntegrationLeaderEvents(cluster, publisher);
	}

}
