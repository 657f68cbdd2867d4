package io.clusterboot.autoconfigure;

import java.time.Instant;
import java.util.List;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ClusterState;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.actuate.ClusterHealthIndicator;
import io.clusterboot.worker.RemoteCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentMatchers;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.HttpCodeStatusMapper;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextRefreshedEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClusterHealthContributorAutoConfiguration}.
 */
class ClusterHealthContributorAutoConfigurationTests {

	private final RemoteCluster operations = Mockito.mock(RemoteCluster.class);

	private final ApplicationContextRunner plain = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ApplicationAvailabilityAutoConfiguration.class,
				HealthContributorAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class,
				HealthEndpointAutoConfiguration.class, AvailabilityHealthContributorAutoConfiguration.class,
				AvailabilityProbesAutoConfiguration.class, ClusterHealthContributorAutoConfiguration.class))
		.withPropertyValues("management.endpoint.health.probes.enabled=true",
				"management.endpoints.web.exposure.include=health")
		.withInitializer((context) -> context
			.addApplicationListener((ApplicationListener<ContextRefreshedEvent>) (refreshed) -> {
				AvailabilityChangeEvent.publish(context, LivenessState.CORRECT);
				AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
			}));

	private final ApplicationContextRunner runner = this.plain.withInitializer(Workers.joining(this.operations));

	@Test
	void workerHasIndicatorNamedCluster() {
		given(1, List.of());
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(ClusterHealthIndicator.class).hasBean("clusterHealthIndicator");
			assertThat(component(context.getBean(HealthEndpoint.class), "cluster").getStatus()).isEqualTo(Status.UP);
		});
	}

	@Test
	void anyOtherApplicationHasNone() {
		this.plain.run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(ClusterHealthIndicator.class);
			assertThat(((CompositeHealthDescriptor) context.getBean(HealthEndpoint.class).health()).getComponents())
				.doesNotContainKey("cluster");
		});
	}

	@Test
	void workerWithoutHealthHasNone() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ClusterHealthContributorAutoConfiguration.class))
			.withInitializer(Workers.joining(this.operations))
			.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("clusterHealthIndicator"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.health.cluster.enabled=false", "management.health.defaults.enabled=false" })
	void indicatorCanBeSwitchedOff(String property) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context).doesNotHaveBean(ClusterHealthIndicator.class));
	}

	@Test
	void indicatorCanBeSwitchedOnAlone() {
		this.runner
			.withPropertyValues("management.health.cluster.enabled=true", "management.health.defaults.enabled=false")
			.run((context) -> assertThat(context).hasSingleBean(ClusterHealthIndicator.class));
	}

	@ParameterizedTest
	@ValueSource(classes = { OwnIndicator.class, OwnContributor.class })
	void indicatorOfTheApplicationWithThatNameWins(Class<?> configuration) {
		this.runner.withUserConfiguration(configuration).run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(ClusterHealthIndicator.class);
			assertThat(component(context.getBean(HealthEndpoint.class), "cluster").getStatus())
				.isEqualTo(Status.OUT_OF_SERVICE);
		});
	}

	@Test
	void beanOfTheApplicationWithTheNameOfTheContributorAloneIsLeftAlone() {
		this.runner.withBean("cluster", String.class, () -> "cluster")
			.run((context) -> assertThat(context).hasSingleBean(ClusterHealthIndicator.class));
	}

	@Test
	void degradedClusterDoesNotMakeTheWorkerUnhealthy() {
		given(2, List.of(1));
		this.runner.run((context) -> {
			HealthEndpoint endpoint = context.getBean(HealthEndpoint.class);
			HttpCodeStatusMapper codes = context.getBean(HttpCodeStatusMapper.class);
			Status status = component(endpoint, "cluster").getStatus();
			assertThat(status).isEqualTo(ClusterHealthIndicator.DEGRADED);
			assertThat(codes.getStatusCode(status)).isEqualTo(200);
			assertThat(endpoint.health().getStatus()).isEqualTo(Status.UP);
		});
	}

	@Test
	void failedClusterIsDownButItsProbesAreNot() {
		given(1, List.of(0));
		this.runner.run((context) -> {
			HealthEndpoint endpoint = context.getBean(HealthEndpoint.class);
			assertThat(endpoint.health().getStatus()).isEqualTo(Status.DOWN);
			for (String group : List.of("readiness", "liveness")) {
				CompositeHealthDescriptor probe = (CompositeHealthDescriptor) endpoint.healthForPath(group);
				assertThat(probe.getStatus()).isEqualTo(Status.UP);
				assertThat(probe.getComponents()).containsOnlyKeys(group + "State");
			}
		});
	}

	@Test
	void groupMayIncludeIt() {
		given(1, List.of(0));
		this.runner.withPropertyValues("management.endpoint.health.group.service.include=ping,cluster")
			.run((context) -> assertThat(context.getBean(HealthEndpoint.class).healthForPath("service").getStatus())
				.isEqualTo(Status.DOWN));
	}

	private void given(int target, List<Integer> failedSlots) {
		Instant time = Instant.parse("2026-11-20T10:00:00Z");
		BDDMockito.given(this.operations.snapshot(ArgumentMatchers.any()))
			.willReturn(new ClusterSnapshot(ClusterState.RUNNING, new PrimarySnapshot(1, time), 8080, target, 1,
					List.of(), failedSlots, List.of(), null, null));
	}

	private static HealthDescriptor component(HealthEndpoint endpoint, String name) {
		return ((CompositeHealthDescriptor) endpoint.health()).getComponents().get(name);
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnIndicator {

		@Bean
		HealthIndicator clusterHealthIndicator() {
			return () -> Health.outOfService().build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnContributor {

		@Bean
		HealthIndicator cluster() {
			return () -> Health.outOfService().build();
		}

	}

}
