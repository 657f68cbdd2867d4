package io.clusterboot.command;

import java.util.List;
import java.util.Map;

/**
 * Commands of workers that do not depend on the machine on which tests run.
 */
public final class WorkerCommands {

	private WorkerCommands() {
	}

	public static WorkerCommand of(JvmCommand command, Map<String, String> variables, List<String> jvmArguments) {
		return of(command, variables, jvmArguments, List.of(), 0);
	}

	public static WorkerCommand of(JvmCommand command, Map<String, String> variables, List<String> jvmArguments,
			List<String> prefix, int processors) {
		return of(command, variables, jvmArguments, prefix, processors, Long.MAX_VALUE);
	}

	public static WorkerCommand of(JvmCommand command, Map<String, String> variables, List<String> jvmArguments,
			List<String> prefix, int processors, long memory) {
		return new WorkerCommand(command, variables, jvmArguments, prefix, () -> processors, () -> memory, 0);
	}

}
