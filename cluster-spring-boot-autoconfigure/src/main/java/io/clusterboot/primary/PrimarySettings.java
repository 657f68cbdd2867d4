package io.clusterboot.primary;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.clusterboot.process.JvmCommand;
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
 * @param snapshots whether each generation runs from a snapshot of its code
 * @param directory the cluster's staging directory
 * @param pidFile the file with the process id that goes when the primary goes
 * @param applicationName the name of the application for the log, or an empty string
 * @param structuredLog whether the log is one JSON object per line
 */
public record PrimarySettings(Map<String, String> configuration, List<Integer> sockets, boolean ipv6,
		JvmCommand command, Map<String, String> variables, List<String> workerArguments, List<String> workerPrefix,
		int workerProcessors, String workingDirectory, boolean snapshots, String directory, @Nullable String pidFile,
		String applicationName, boolean structuredLog) {

	/**
	 * Write the settings.
	 * @return the settings as bytes that {@link #read} understands
	 */
	public byte[] toBytes() {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (DataOutputStream out = new DataOutputStream(bytes)) {
			writeMap(this.configuration, out);
			out.writeInt(this.sockets.size());
			for (int socket : this.sockets) {
				out.writeInt(socket);
			}
			out.writeBoolean(this.ipv6);
			writeString(this.command.executable(), out);
			writeStrings(this.command.options(), out);
			writeStrings(this.command.main(), out);
			writeStrings(this.command.arguments(), out);
			writeMap(this.variables, out);
			writeStrings(this.workerArguments, out);
			writeStrings(this.workerPrefix, out);
			out.writeInt(this.workerProcessors);
			writeString(this.workingDirectory, out);
			out.writeBoolean(this.snapshots);
			writeString(this.directory, out);
			writeString((this.pidFile != null) ? this.pidFile : "", out);
			writeString(this.applicationName, out);
			out.writeBoolean(this.structuredLog);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

	static PrimarySettings read(byte[] bytes) throws IOException {
		DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
		Map<String, String> configuration = readMap(in);
		List<Integer> sockets = new ArrayList<>();
		for (int count = in.readInt(); count > 0; count--) {
			sockets.add(in.readInt());
		}
		boolean ipv6 = in.readBoolean();
		JvmCommand command = new JvmCommand(readString(in), readStrings(in), readStrings(in), readStrings(in));
		Map<String, String> variables = readMap(in);
		List<String> workerArguments = readStrings(in);
		List<String> workerPrefix = readStrings(in);
		int workerProcessors = in.readInt();
		String workingDirectory = readString(in);
		boolean snapshots = in.readBoolean();
		String directory = readString(in);
		String pidFile = readString(in);
		return new PrimarySettings(configuration, sockets, ipv6, command, variables, workerArguments, workerPrefix,
				workerProcessors, workingDirectory, snapshots, directory, (!pidFile.isEmpty()) ? pidFile : null,
				readString(in), in.readBoolean());
	}

	private static void writeMap(Map<String, String> map, DataOutputStream out) throws IOException {
		writeStrings(List.copyOf(map.keySet()), out);
		writeStrings(List.copyOf(map.values()), out);
	}

	private static Map<String, String> readMap(DataInputStream in) throws IOException {
		List<String> names = readStrings(in);
		List<String> values = readStrings(in);
		Map<String, String> map = new LinkedHashMap<>();
		for (int i = 0; i < names.size(); i++) {
			map.put(names.get(i), values.get(i));
		}
		return map;
	}

	private static void writeStrings(List<String> strings, DataOutputStream out) throws IOException {
		out.writeInt(strings.size());
		for (String string : strings) {
			writeString(string, out);
		}
	}

	private static List<String> readStrings(DataInputStream in) throws IOException {
		List<String> strings = new ArrayList<>();
		for (int count = in.readInt(); count > 0; count--) {
			strings.add(readString(in));
		}
		return strings;
	}

	// A class path can be longer than the 64 KiB of writeUTF
	private static void writeString(String string, DataOutputStream out) throws IOException {
		byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
		out.writeInt(bytes.length);
		out.write(bytes);
	}

	private static String readString(DataInputStream in) throws IOException {
		return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
	}

}
