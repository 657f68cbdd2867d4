package io.clusterboot.autoconfigure;

import io.clusterboot.ClusterOperations;
import io.clusterboot.actuate.ClusterEndpoint;
import io.clusterboot.actuate.ClusterHealthIndicator;
import io.clusterboot.bootstrap.WorkerEnvironments;
import io.clusterboot.worker.RemoteClusterOperations;
import io.clusterboot.worker.WorkerLifecycle;
import io.clusterboot.worker.WorkerRuntime;
import org.junit.jupiter.api.Test;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerContextInitializer}.
 */
class WorkerContextInitializerTests {

	private final ApplicationContextRunner plain = new ApplicationContextRunner()
		.withInitializer(new WorkerContextInitializer());

	private final ApplicationContextRunner worker = new ApplicationContextRunner().withInitializer(this::join)
		.withInitializer(new WorkerContextInitializer())
		.withPropertyValues("spring.main.lazy-initialization=true");

	@Test
	void workerHasTheBeansOfAWorker() {
		this.worker.run((context) -> assertThat(context).hasSingleBean(WorkerLifecycle.class)
			.hasSingleBean(ClusterOperations.class)
			.hasSingleBean(ClusterEndpoint.class)
			.hasSingleBean(ClusterHealthIndicator.class));
	}

	@Test
	void workerWithoutHealthHasTheOthers() {
		this.worker.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
			.run((context) -> assertThat(context).hasSingleBean(ClusterEndpoint.class)
				.doesNotHaveBean("clusterHealthIndicator"));
	}

	@Test
	void workerWithoutActuatorHasTheOthers() {
		this.worker.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasSingleBean(ClusterOperations.class)
				.doesNotHaveBean(ClusterEndpoint.class));
	}

	@Test
	void operationsOfTheApplicationAreThoseThatItGets() {
		this.worker.withUserConfiguration(OwnOperations.class).run((context) -> {
			assertThat(context.getBean(ClusterOperations.class)).isSameAs(context.getBean("clusterOperations"));
			assertThat(context).hasSingleBean(ClusterEndpoint.class).hasSingleBean(ClusterHealthIndicator.class);
		});
	}

	@Test
	void operationsOfTheApplicationCanDecorateThoseOfTheWorker() {
		this.worker.withUserConfiguration(DecoratedOperations.class)
			.run((context) -> assertThat(context.getBean(ClusterOperations.class))
				.isSameAs(context.getBean("clusterOperations")));
	}

	@Test
	void operationsThatAreOnlyForWhereThereAreNoneAreNone() {
		this.worker.withUserConfiguration(MissingOperations.class)
			.run((context) -> assertThat(context.getBean(ClusterOperations.class))
				.isInstanceOf(RemoteClusterOperations.class));
	}

	@Test
	void beansOfTheApplicationMayHaveAnyName() {
		this.worker.withUserConfiguration(OwnNames.class)
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(ClusterEndpoint.class));
	}

	@Test
	void endpointOfTheApplicationWithThatIdWins() {
		this.worker.withUserConfiguration(OwnEndpoint.class)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ClusterEndpoint.class));
	}

	@Test
	void anyOtherApplicationHasNone() {
		this.plain.run((context) -> assertThat(context.getBeanDefinitionNames())
			.noneMatch((name) -> name.startsWith("io.clusterboot")));
	}

	private void join(ConfigurableApplicationContext context) {
		WorkerRuntime runtime = WorkerEnvironments.join(context.getEnvironment());
		BDDMockito.given(runtime.operations()).willReturn(Mockito.mock(RemoteClusterOperations.class));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnOperations {

		@Bean
		ClusterOperations clusterOperations() {
			return Mockito.mock(ClusterOperations.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DecoratedOperations {

		@Bean
		ClusterOperations clusterOperations(RemoteClusterOperations operations) {
			assertThat(operations).isNotNull();
			return Mockito.mock(ClusterOperations.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MissingOperations {

		@Bean
		@ConditionalOnMissingBean
		ClusterOperations clusterOperations() {
			return Mockito.mock(ClusterOperations.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnNames {

		@Bean
		String clusterEndpoint() {
			return "mine";
		}

		@Bean
		String clusterWorkerLifecycle() {
			return "mine";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnEndpoint {

		@Bean
		MineEndpoint mine() {
			return new MineEndpoint();
		}

	}

	@WebEndpoint(id = "cluster")
	static class MineEndpoint {

	}

}
