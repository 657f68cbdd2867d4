package io.clusterboot.primary;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.clusterboot.ReloadStrategy;
import io.clusterboot.process.JvmCommand;
import org.jspecify.annotations.Nullable;

/**
 * What the launcher leaves to the primary that takes its place.
 *
 * @param supervision what the state machine must know
 * @param sockets the descriptors of the slots' sockets
 * @param ipv6 whether the sockets' family is IPv6
 * @param backlog how many connections may wait for each slot
 * @param command the launcher's command line
 * @param variables those environment variables with JVM options that were set
 * @param workerArguments further JVM options for the workers
 * @param directory the cluster's staging directory
 * @param pidFile the file with the process id that goes when the primary goes
 * @param applicationName the name of the application for the log, or an empty string
 * @param structuredLog whether the log is one JSON object per line
 */
public record PrimarySettings(SupervisorSettings supervision, List<Integer> sockets, boolean ipv6, int backlog,
		JvmCommand command, Map<String, String> variables, List<String> workerArguments, String directory,
		@Nullable String pidFile, String applicationName, boolean structuredLog) {

	/**
	 * Write the settings.
	 * @return the settings as bytes that {@link #read} understands
	 */
	public byte[] toBytes() {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (DataOutputStream out = new DataOutputStream(bytes)) {
			writeSupervision(out);
			out.writeInt(this.sockets.size());
			for (int socket : this.sockets) {
				out.writeInt(socket);
			}
			out.writeBoolean(this.ipv6);
			out.writeInt(this.backlog);
			writeString(this.command.executable(), out);
			writeStrings(this.command.options(), out);
			writeStrings(this.command.main(), out);
			writeStrings(this.command.arguments(), out);
			writeStrings(List.copyOf(this.variables.keySet()), out);
			writeStrings(List.copyOf(this.variables.values()), out);
			writeStrings(this.workerArguments, out);
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
		SupervisorSettings supervision = readSupervision(in);
		List<Integer> sockets = new ArrayList<>();
		for (int count = in.readInt(); count > 0; count--) {
			sockets.add(in.readInt());
		}
		boolean ipv6 = in.readBoolean();
		int backlog = in.readInt();
		JvmCommand command = new JvmCommand(readString(in), readStrings(in), readStrings(in), readStrings(in));
		List<String> names = readStrings(in);
		List<String> values = readStrings(in);
		Map<String, String> variables = new LinkedHashMap<>();
		for (int i = 0; i < names.size(); i++) {
			variables.put(names.get(i), values.get(i));
		}
		List<String> workerArguments = readStrings(in);
		String directory = readString(in);
		String pidFile = readString(in);
		return new PrimarySettings(supervision, sockets, ipv6, backlog, command, variables, workerArguments, directory,
				(!pidFile.isEmpty()) ? pidFile : null, readString(in), in.readBoolean());
	}

	private void writeSupervision(DataOutputStream out) throws IOException {
		out.writeInt(this.supervision.workers());
		out.writeInt(this.supervision.reloadStrategy().ordinal());
		for (Duration duration : List.of(this.supervision.readyTimeout(), this.supervision.startTimeout(),
				this.supervision.drainTimeout(), this.supervision.keepAliveGrace(),
				this.supervision.respawnInitialDelay(), this.supervision.respawnMaxDelay(),
				this.supervision.respawnStableAfter())) {
			out.writeLong(duration.toMillis());
		}
	}

	private static SupervisorSettings readSupervision(DataInputStream in) throws IOException {
		return new SupervisorSettings(in.readInt(), ReloadStrategy.values()[in.readInt()], readDuration(in),
				readDuration(in), readDuration(in), readDuration(in), readDuration(in), readDuration(in),
				readDuration(in));
	}

	private static Duration readDuration(DataInputStream in) throws IOException {
		return Duration.ofMillis(in.readLong());
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
