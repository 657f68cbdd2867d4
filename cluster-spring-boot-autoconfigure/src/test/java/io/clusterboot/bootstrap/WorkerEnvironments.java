package io.clusterboot.bootstrap;

import java.util.HashMap;
import java.util.Map;

import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.contract.WriteAccess;
import io.clusterboot.worker.WorkerRuntime;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Makes environments what they are in workers.
 */
public final class WorkerEnvironments {

	static final int PORT = 45678;

	private WorkerEnvironments() {
	}

	/**
	 * Make an environment that of a worker.
	 * @param environment the environment as it is in the launcher
	 * @return the run, with a mock of the channel to its primary
	 */
	public static WorkerRun join(ConfigurableEnvironment environment) {
		WorkerIdentity identity = new WorkerIdentity(7, 1, 2, PORT, 42, "/tmp/cluster");
		WorkerRuntime runtime = Mockito.mock(WorkerRuntime.class);
		BDDMockito.given(runtime.identity()).willReturn(identity);
		String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
		Map<String, Object> variables = new HashMap<>(environment.getSystemEnvironment());
		if (environment.getPropertySources().get(name) instanceof SystemEnvironmentPropertySource source) {
			variables.putAll(source.getSource());
		}
		variables.putAll(identity.toVariables());
		environment.getPropertySources().replace(name, new SystemEnvironmentPropertySource(name, variables));
		WorkerPropertySource source = WorkerPropertySource.of(runtime, environment);
		environment.getPropertySources().addFirst(source);
		return new WorkerRun(runtime, new WorkerPorts(environment, source, runtime), WriteAccess.LOCAL);
	}

}
