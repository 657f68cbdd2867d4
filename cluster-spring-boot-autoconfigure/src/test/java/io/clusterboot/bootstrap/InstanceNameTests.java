package io.clusterboot.bootstrap;

import java.util.Map;

import io.clusterboot.contract.WorkerIdentity;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link InstanceName}.
 */
class InstanceNameTests {

	@Test
	void nameIsThatOfTheSlot() {
		assertThat(attributes(2, Map.of(), Map.of()).get("service.instance.id")).endsWith("-2").hasSizeGreaterThan(2);
		assertThat(attributes(WorkerIdentity.NO_SLOT, Map.of(), Map.of()).get("service.instance.id"))
			.endsWith("-spare");
		assertThat(environment(1, Map.of(), Map.of()).getProperty("logging.structured.ecs.service.node-name"))
			.endsWith("-1");
	}

	@Test
	void nameThatIsSetStays() {
		assertThat(attributes(2, Map.of(),
				Map.of("management.opentelemetry.resource-attributes[service.instance.id]", "mine",
						"management.opentelemetry.resource-attributes.team", "shop")))
			.containsEntry("service.instance.id", "mine")
			.containsEntry("team", "shop");
		assertThat(attributes(2, Map.of("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=mine,a=b"), Map.of()))
			.isEmpty();
	}

	private static Map<String, String> attributes(int slot, Map<String, String> variables, Map<String, Object> set) {
		return Binder.get(environment(slot, variables, set))
			.bind("management.opentelemetry.resource-attributes", Bindable.mapOf(String.class, String.class))
			.orElse(Map.of());
	}

	private static StandardEnvironment environment(int slot, Map<String, String> variables, Map<String, Object> set) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addLast(new MapPropertySource("set", set));
		environment.getPropertySources()
			.addLast(InstanceName.defaults(new WorkerIdentity(1, slot, 1, 8080, 1, "/"), variables));
		return environment;
	}

}
