package io.clusterboot.bootstrap;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;

import io.clusterboot.WorkerIdentity;

import org.springframework.core.NativeDetector;

/**
 * The process and the call in which a role is decided.
 *
 * @param os the name of the operating system
 * @param nativeImage whether this is a native image
 * @param jvmArguments the options of the JVM
 * @param environment the environment variables
 * @param parentPid the process id of the parent, 0 if there is none
 * @param stack the call
 */
record Launch(String os, boolean nativeImage, List<String> jvmArguments, Map<String, String> environment,
		long parentPid, CallStack stack) {

	static Launch current() {
		return new Launch(System.getProperty("os.name", ""), NativeDetector.inNativeImage(),
				ManagementFactory.getRuntimeMXBean().getInputArguments(), System.getenv(),
				ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L), CallStack.current());
	}

	/**
	 * Return whether a primary started this process. The variables alone do not say it: a
	 * process that a worker starts inherits them.
	 * @return whether this is a worker's process
	 */
	boolean isWorkerProcess() {
		return this.environment.containsKey(WorkerIdentity.ID)
				&& Long.toString(this.parentPid).equals(this.environment.get(WorkerIdentity.PRIMARY_PID));
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
