package io.clusterboot.bootstrap;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.clusterboot.ClusterException;
import io.clusterboot.contract.WorkerIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NativeDetector;

/**
 * The process and the call in which a role is decided.
 *
 * @param os the name of the operating system
 * @param architecture the name of the processor's architecture
 * @param nativeImage whether this is a native image
 * @param jvmArguments the options of the JVM
 * @param environment the environment variables
 * @param mark the value of {@link WorkerIdentity#MARK}, or {@code null}
 * @param stack the call
 */
record Launch(String os, String architecture, boolean nativeImage, List<String> jvmArguments,
		Map<String, String> environment, @Nullable String mark, CallStack stack) {

	static Launch current() {
		return new Launch(System.getProperty("os.name", ""), System.getProperty("os.arch", ""),
				NativeDetector.inNativeImage(), ManagementFactory.getRuntimeMXBean().getInputArguments(),
				System.getenv(), System.getProperty(WorkerIdentity.MARK), CallStack.current());
	}

	/**
	 * Return whether a primary started this process.
	 * @return whether this is a worker's process
	 * @throws ClusterException if it is one that has lost what the primary gave it, and
	 * so must not become anything else
	 */
	boolean isWorkerProcess() {
		if (this.mark == null) {
			return false;
		}
		if (!this.mark.equals(this.environment.get(WorkerIdentity.ID))) {
			throw new ClusterException(
					"This process was started as worker %s but its environment does not say so: ".formatted(this.mark)
							+ "the command of 'cluster.worker.command-prefix' must leave it as it is",
					null);
		}
		return true;
	}

	// What posix.LibC knows the layout of
	boolean isKnownArchitecture() {
		return Set.of("amd64", "aarch64").contains(this.architecture);
	}

	boolean isLinux() {
		return "Linux".equals(this.os);
	}

	/**
	 * Return whether the JVM connects to a debugger that waits for it, as an IDE does it.
	 * A second JVM could not.
	 * @return whether there is a debug session of an IDE
	 */
	boolean isDebugSession() {
		return this.jvmArguments.stream().anyMatch(Launch::connectsToDebugger);
	}

	private static boolean connectsToDebugger(String argument) {
		boolean debugger = argument.startsWith("-agentlib:jdwp") || argument.startsWith("-Xrunjdwp")
				|| (argument.startsWith("-agentpath:") && argument.contains("jdwp"));
		return debugger && !argument.contains("server=y");
	}

	boolean isTrainingRun() {
		return this.jvmArguments.stream()
			.anyMatch((argument) -> argument.startsWith("-XX:ArchiveClassesAtExit")
					|| argument.startsWith("-XX:AOTCacheOutput") || argument.equals("-XX:AOTMode=record"));
	}

}
