package io.clusterboot.autoconfigure;

import io.clusterboot.actuate.forward.WorkerActuator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClusterWorkerActuatorAutoConfiguration}.
 */
class ClusterWorkerActuatorAutoConfigurationTests {

	private static final String BEAN = WorkerActuator.class.getName();

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(EndpointAutoConfiguration.class,
			WebEndpointAutoConfiguration.class, WebMvcAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
			ClusterEndpointAutoConfiguration.class, ClusterWorkerActuatorAutoConfiguration.class);

	private final WebApplicationContextRunner plain = new WebApplicationContextRunner()
		.withConfiguration(CONFIGURATIONS)
		.withPropertyValues("management.endpoints.web.exposure.include=cluster");

	private final WebApplicationContextRunner worker = this.plain.withInitializer(Workers.joining());

	@ParameterizedTest
	@CsvSource({ "unrelated=, /actuator/cluster", "management.endpoints.web.base-path=/manage, /manage/cluster",
			"management.endpoints.web.base-path=/, /cluster",
			"management.endpoints.web.path-mapping.cluster=farm, /actuator/farm",
			"management.endpoint.cluster.access=READ_ONLY, /actuator/cluster" })
	void workersAreBelowThePathOfTheEndpoint(String property, String path) {
		this.worker.withPropertyValues(property).run((context) -> {
			assertThat(handler(context, path + "/workers/0")).isInstanceOf(WorkerActuator.class);
			assertThat(handler(context, path + "/workers/0/health/x")).isInstanceOf(WorkerActuator.class);
			assertThat(handler(context, path + "/workers")).isNull();
			assertThat(handler(context, path)).isNull();
		});
	}

	@ParameterizedTest
	@CsvSource({ "management.endpoints.web.exposure.include=health", "management.endpoint.cluster.access=NONE" })
	void thereAreNoneWhereTheEndpointIsNot(String property) {
		this.worker.withPropertyValues(property)
			.run((context) -> assertThat(handler(context, "/actuator/cluster/workers/0")).isNull());
	}

	@Test
	void thereAreNoneWhereTheActuatorHasAPortOfItsOwn() {
		this.worker.withPropertyValues("management.server.port=0")
			.run((context) -> assertThat(context.containsBeanDefinition(BEAN)).isFalse());
	}

	@Test
	void anyOtherApplicationHasNone() {
		this.plain.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(BEAN));
	}

	@Test
	void workerWithoutSpringMvcHasNone() {
		this.worker.withClassLoader(new FilteredClassLoader(DispatcherServlet.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(BEAN));
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ClusterWorkerActuatorAutoConfiguration.class))
			.withInitializer(Workers.joining())
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(BEAN));
	}

	private static Object handler(AssertableWebApplicationContext context, String path) throws Exception {
		MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
		ServletRequestPathUtils.parseAndCache(request);
		HandlerExecutionChain chain = context.getBean(BEAN, HandlerMapping.class).getHandler(request);
		return (chain != null) ? chain.getHandler() : null;
	}

}
