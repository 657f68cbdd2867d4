package io.clusterboot.primary;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import io.clusterboot.channel.RecordCodec;
import io.clusterboot.command.JvmCommand;
import org.jspecify.annotations.Nullable;

/**
 * What the launcher leaves to the primary that takes its place.
 *
 * @param configuration the properties that the cluster is run with, in canonical form
 * @param sockets the descriptors of the slots' sockets
 * @param ipv6 whether the sockets' family is IPv6
 * @param command the launcher's command line
 * @param variables those environment variables with JVM options that were set
 * @param workerArguments further JVM options for the workers
 * @param workerPrefix what comes before the workers' command line
 * @param workerProcessors how many processors each worker is told to use, or 0 for all
 * @param workingDirectory the working directory under the name that the user knows it by
 * @param copies whether each generation runs from a copy of its code
 * @param directory the cluster's staging directory
 * @param pidFile the file with the process id that goes when the primary goes
 * @param applicationName the name of the application for the log, or an empty string
 * @param structuredLog whether the log is one JSON object per line
 */
public record PrimarySettings(Map<String, String> configuration, List<Integer> sockets, boolean ipv6,
		JvmCommand command, Map<String, String> variables, List<String> workerArguments, List<String> workerPrefix,
		int workerProcessors, String workingDirectory, boolean copies, String directory, @Nullable String pidFile,
		String applicationName, boolean structuredLog) {

	/**
	 * Write the settings.
	 * @return the settings as bytes that {@link #read} understands
	 */
	public byte[] toBytes() {
		return RecordCodec.of(PrimarySettings.class).encode(this);
	}

	static PrimarySettings read(byte[] bytes) throws IOException {
		return RecordCodec.of(PrimarySettings.class).decode(bytes);
	}

}
