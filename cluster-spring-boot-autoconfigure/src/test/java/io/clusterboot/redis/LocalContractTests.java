package io.clusterboot.redis;

import io.clusterboot.autoconfigure.ClusterAutoConfiguration;
import io.clusterboot.store.ClusterStore;
import io.clusterboot.worker.messages.TalkingCluster;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The contract, without a cluster.
 */
class LocalContractTests extends ClusterContract {

	@Override
	Worker create() {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.run("--spring.main.banner-mode=off");
		return new Worker(context.getBean(TalkingCluster.class), context.getBean(ClusterStore.class),
				context.getBean(Heard.class), context::close);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(ClusterAutoConfiguration.class)
	@Import(Heard.class)
	static class Application {

	}

}
