package io.clusterboot.process;

import java.util.List;
import java.util.Map;

/**
 * Commands of workers that do not depend on the machine on which tests run.
 */
final class WorkerCommands {

	private WorkerCommands() {
	}

	static WorkerCommand of(JvmCommand command, Map<String, String> variables, List<String> jvmArguments) {
		return of(command, variables, jvmArguments, List.of(), 0);
	}

	static WorkerCommand of(JvmCommand command, Map<String, String> variables, List<String> jvmArguments,
			List<String> prefix, int processors) {
		return of(command, variables, jvmArguments, prefix, processors, Long.MAX_VALUE);
	}

	static WorkerCommand of(JvmCommand command, Map<String, String> variables, List<String> jvmArguments,
			List<String> prefix, int processors, long memory) {
		return new WorkerCommand(command, variables, jvmArguments, prefix, processors, () -> memory);
	}

}
