package io.clusterboot.primary;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of the lean JVM that takes the launcher's place.
 */
public final class PrimaryCommand {

	/**
	 * The environment variable that tells HotSpot which signal to suspend threads with,
	 * see {@code PosixSignals::SR_initialize} in src/hotspot/os/posix/signals_posix.cpp.
	 * By default that is SIGUSR2, which Flight Recorder would use all the time.
	 */
	public static final String SUSPEND_SIGNAL = "_JAVA_SR_SIGNUM";

	/**
	 * A real-time signal that neither glibc nor HotSpot uses.
	 */
	public static final String SUSPEND_SIGNAL_NUMBER = "40";

	// The default needs a helper program of the JDK at each start, which is gone or
	// another one when the JDK was updated
	private static final String LAUNCH_MECHANISM = "-Djdk.lang.Process.launchMechanism=FORK";

	// From JDK 18 on it would otherwise make classes to read and write records with
	private static final String REFLECTION = "-Djdk.reflect.useNativeAccessorOnly=true";

	// What the JDK takes off the heap for itself, which else is limited by its size
	private static final long OWN_DIRECT_MEMORY = 16 * 1024 * 1024;

	private PrimaryCommand() {
	}

	/**
	 * Return the command line.
	 * @param java the path of {@code java}
	 * @param classPath what {@code PrimaryLibraries} copied
	 * @param nativeDirectory where JNA can put its native library and load it from
	 * @param storeSize how many bytes off the heap may be kept for the workers
	 * @param extraArguments JVM options of the user's
	 * @param settings the number of the descriptor that the settings are read from
	 * @param title what to show in a list of processes: who it is, and what the launcher
	 * was told to run, by which scripts find it
	 * @return the executable and its arguments
	 */
	public static List<String> of(String java, List<Path> classPath, Path nativeDirectory, long storeSize,
			List<String> extraArguments, int settings, List<String> title) {
		List<String> command = new ArrayList<>();
		command.add(java);
		command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms4m", "-Xmn1m", "-Xmx64m", "-Xss512k",
				"-XX:ReservedCodeCacheSize=8m", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED",
				LAUNCH_MECHANISM, REFLECTION, "-Djna.tmpdir=" + nativeDirectory,
				"-XX:MaxDirectMemorySize=" + (OWN_DIRECT_MEMORY + storeSize)));
		command.addAll(extraArguments);
		command.addAll(List.of("-cp", String.join(":", classPath.stream().map(Path::toString).toList()),
				PrimaryMain.class.getName(), String.valueOf(settings)));
		command.addAll(title);
		return command;
	}

}
