package io.clusterboot.bootstrap;

import java.util.Map;

import io.clusterboot.contract.ClusterRole;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;

/**
 * Asks for the role of a run that asks for workers, at the moment and on the stack of the
 * real thing, and keeps the answer in the environment. With {@code -Drole-recorder=print}
 * it does so for every run, prints the answer and ends the process where a primary would
 * take over.
 */
class RoleRecorder implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		boolean print = "print".equals(System.getProperty("role-recorder"));
		if (!print && !event.getEnvironment().containsProperty("cluster.workers")) {
			return;
		}
		RoleDecision decision = new ClusterRoleDeducer().deduce(event.getSpringApplication(), event.getEnvironment());
		String recorded = describe(decision);
		event.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("roleRecorder", Map.of("recorded.role", recorded)));
		if (print) {
			System.out.println("ROLE " + recorded);
			System.out.flush();
			if (decision.role() == ClusterRole.PRIMARY) {
				Runtime.getRuntime().halt(0);
			}
		}
	}

	static String describe(RoleDecision decision) {
		return "%s %s %s".formatted(decision.role(), decision.level(), decision.reason());
	}

	static String recordedIn(Environment environment) {
		return environment.getRequiredProperty("recorded.role");
	}

}
