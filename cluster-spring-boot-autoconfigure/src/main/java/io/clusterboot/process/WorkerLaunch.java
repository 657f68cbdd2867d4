package io.clusterboot.process;

import java.util.List;
import java.util.Map;

/**
 * What one worker is started with.
 *
 * @param command the executable and its arguments
 * @param variables environment variables: with JVM options, those that were given, and
 * with the worker's name
 */
public record WorkerLaunch(List<String> command, Map<String, String> variables) {

	public WorkerLaunch {
		command = List.copyOf(command);
		variables = Map.copyOf(variables);
	}

}
