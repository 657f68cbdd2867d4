package io.clusterboot.autoconfigure;

import java.util.function.BooleanSupplier;

import io.clusterboot.Cluster;
import io.clusterboot.actuate.ClusterEndpoint;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.Mockito;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.annotation.DiscoveredEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClusterEndpointAutoConfiguration}.
 */
class ClusterEndpointAutoConfigurationTests {

	private final WebApplicationContextRunner plain = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class,
				ClusterEndpointAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=*");

	private final WebApplicationContextRunner worker = this.plain.withInitializer(Workers.joining());

	@Test
	void workerHasTheEndpoint() {
		this.worker.run((context) -> {
			assertThat(context).hasSingleBean(ClusterEndpoint.class);
			assertThat(endpoint(context).getEndpointBean()).isInstanceOf(ClusterEndpoint.class);
		});
	}

	@Test
	void anyOtherApplicationHasNone() {
		this.plain.run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(ClusterEndpoint.class);
			assertThat(context.getBean(WebEndpointsSupplier.class).getEndpoints()).isEmpty();
		});
	}

	@Test
	void workerWithoutActuatorHasNone() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ClusterEndpointAutoConfiguration.class))
			.withInitializer(Workers.joining())
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ClusterEndpoint.class));
	}

	@Test
	void endpointOfTheApplicationWithThatIdWins() {
		this.worker.withUserConfiguration(OwnEndpoint.class).run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(ClusterEndpoint.class);
			assertThat(endpoint(context).getEndpointBean()).isInstanceOf(MineEndpoint.class);
		});
	}

	@Test
	void endpointOfTheApplicationOfThatTypeWins() {
		ClusterEndpoint mine = Mockito.mock(ClusterEndpoint.class);
		this.worker.withBean("mine", ClusterEndpoint.class, () -> mine)
			.run((context) -> assertThat(context).getBean(ClusterEndpoint.class).isSameAs(mine));
	}

	@Test
	void endpointDoesNotAskTheOperationsOfTheApplication() {
		Cluster mine = Mockito.mock(Cluster.class);
		this.worker.withBean("clusterOperations", Cluster.class, () -> mine).run((context) -> {
			context.getBean(ClusterEndpoint.class).list("reloads");
			Mockito.verifyNoInteractions(mine);
		});
	}

	@ParameterizedTest
	@CsvSource({ "management.endpoint.cluster.access=READ_ONLY, false",
			"management.endpoints.access.max-permitted=READ_ONLY, false",
			"management.endpoints.access.default=READ_ONLY, false",
			"management.endpoint.cluster.access=UNRESTRICTED, true", "unrelated=, true" })
	void endpointKnowsWhetherItHasWritingOperations(String property, boolean writable) {
		this.worker.withPropertyValues(property)
			.run((context) -> assertThat(context.getBean(ClusterEndpoint.class))
				.extracting("writable", InstanceOfAssertFactories.type(BooleanSupplier.class))
				.matches((supplier) -> supplier.getAsBoolean() == writable));
	}

	@Test
	void beanOfTheApplicationMayHaveTheNameOfTheEndpoint() {
		this.worker.withBean("clusterEndpoint", String.class, () -> "mine")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(ClusterEndpoint.class));
	}

	private static DiscoveredEndpoint<?> endpoint(AssertableWebApplicationContext context) {
		return context.getBean(WebEndpointsSupplier.class)
			.getEndpoints()
			.stream()
			.filter((endpoint) -> endpoint.getEndpointId().equals(EndpointId.of("cluster")))
			.findFirst()
			.map(DiscoveredEndpoint.class::cast)
			.orElseThrow();
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

		@ReadOperation
		String mine() {
			return "mine";
		}

	}

}
