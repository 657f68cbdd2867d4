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

import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;

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
	void anyOtherApplicationHasNone() {
		this.plain.run((context) -> assertThat(context.getBeanDefinitionNames())
			.noneMatch((name) -> name.startsWith("cluster")));
	}

	private void join(ConfigurableApplicationContext context) {
		WorkerRuntime runtime = WorkerEnvironments.join(context.getEnvironment());
		BDDMockito.given(runtime.operations()).willReturn(Mockito.mock(RemoteClusterOperations.class));
	}

}
