package io.clusterboot.autoconfigure;

import io.clusterboot.Cluster;
import io.clusterboot.store.ClusterStore;
import io.clusterboot.web.tomcat.TomcatGateCustomizer;
import io.clusterboot.worker.RemoteCluster;
import io.clusterboot.worker.RemoteStore;
import io.clusterboot.worker.WorkerLifecycle;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerBeans}.
 */
class WorkerBeansTests {

	private final ApplicationContextRunner worker = new ApplicationContextRunner().withInitializer(Workers.joining())
		.withPropertyValues("spring.main.lazy-initialization=true");

	@Test
	void workerHasTheBeansOfAWorkerWithoutAnyAutoConfiguration() {
		this.worker.run((context) -> assertThat(context).hasSingleBean(WorkerLifecycle.class)
			.hasSingleBean(TomcatGateCustomizer.class)
			.hasSingleBean(Cluster.class)
			.hasSingleBean(ClusterStore.class));
	}

	@Test
	void anyOtherApplicationHasNone() {
		DefaultBootstrapContext bootstrap = new DefaultBootstrapContext();
		new WorkerBeans().initialize(bootstrap);
		new ApplicationContextRunner().withInitializer(bootstrap::close)
			.run((context) -> assertThat(context.getBeanDefinitionNames())
				.noneMatch((name) -> name.startsWith("io.clusterboot")));
	}

	@Test
	void operationsOfTheApplicationAreThoseThatItGets() {
		this.worker.withUserConfiguration(OwnOperations.class)
			.run((context) -> assertThat(context.getBean(Cluster.class))
				.isSameAs(context.getBean("clusterOperations")));
	}

	@Test
	void operationsOfTheApplicationCanDecorateThoseOfTheWorker() {
		this.worker.withUserConfiguration(DecoratedOperations.class)
			.run((context) -> assertThat(context.getBean(Cluster.class))
				.isSameAs(context.getBean("clusterOperations")));
	}

	@Test
	void storeOfTheApplicationCanDecorateThatOfTheWorker() {
		this.worker.withUserConfiguration(DecoratedStore.class)
			.run((context) -> assertThat(context.getBean(ClusterStore.class)).isSameAs(context.getBean("ownStore")));
	}

	@Test
	void operationsThatAreOnlyForWhereThereAreNoneAreNone() {
		this.worker.withUserConfiguration(MissingOperations.class)
			.run((context) -> assertThat(context.getBean(Cluster.class)).isInstanceOf(RemoteCluster.class));
	}

	@Test
	void beansOfTheApplicationMayHaveAnyName() {
		this.worker.withUserConfiguration(OwnNames.class)
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(WorkerLifecycle.class));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnOperations {

		@Bean
		Cluster clusterOperations() {
			return Mockito.mock(Cluster.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DecoratedOperations {

		@Bean
		Cluster clusterOperations(RemoteCluster operations) {
			assertThat(operations).isNotNull();
			return Mockito.mock(Cluster.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DecoratedStore {

		@Bean
		ClusterStore ownStore(RemoteStore store) {
			assertThat(store).isNotNull();
			return Mockito.mock(ClusterStore.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MissingOperations {

		@Bean
		@ConditionalOnMissingBean
		Cluster clusterOperations() {
			return Mockito.mock(Cluster.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnNames {

		@Bean
		String tomcatGateCustomizer() {
			return "mine";
		}

		@Bean
		String clusterWorkerLifecycle() {
			return "mine";
		}

	}

}
