package io.clusterboot.channel;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.clusterboot.IncidentCause;
import io.clusterboot.IncidentSnapshot;
import io.clusterboot.WorkerMetrics;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads incidents. Several at once go without what is long, since only one
 * incident with all of it is sure to fit into a frame.
 */
final class IncidentCodec {

	private static final int LINES = 200;

	private IncidentCodec() {
	}

	static void writeAll(List<IncidentSnapshot> incidents, DataOutput out) throws IOException {
		out.writeInt(incidents.size());
		for (IncidentSnapshot incident : incidents) {
			writeSummary(incident, out);
		}
	}

	static List<IncidentSnapshot> readAll(DataInput in) throws IOException {
		List<IncidentSnapshot> incidents = new ArrayList<>();
		for (int count = in.readInt(); count > 0; count--) {
			incidents.add(read(in, false));
		}
		return incidents;
	}

	static void writeOptional(@Nullable IncidentSnapshot incident, DataOutput out) throws IOException {
		out.writeBoolean(incident != null);
		if (incident != null) {
			writeSummary(incident, out);
			TextCodec.writeOptional(incident.threadDump(), TextCodec.LONG, out);
			writeLines(incident.output(), out);
			TextCodec.writeOptional(incident.errorFile(), TextCodec.LONG, out);
		}
	}

	static @Nullable IncidentSnapshot readOptional(DataInput in) throws IOException {
		return (in.readBoolean()) ? read(in, true) : null;
	}

	private static void writeSummary(IncidentSnapshot incident, DataOutput out) throws IOException {
		out.writeInt(incident.id());
		SnapshotCodec.writeInstant(incident.time(), out);
		out.writeUTF(incident.cause().name());
		TextCodec.write(incident.detail(), TextCodec.SENTENCE, out);
		out.writeInt(incident.worker());
		out.writeInt(incident.slot());
		out.writeLong(incident.pid());
		out.writeInt(incident.generation());
		SnapshotCodec.writeInstant(incident.exited(), out);
		TextCodec.writeOptional(incident.exit(), TextCodec.SENTENCE, out);
		SnapshotCodec.writeInstant(incident.heartbeat(), out);
		SnapshotCodec.writeMetrics(incident.metrics(), out);
	}

	private static IncidentSnapshot read(DataInput in, boolean whole) throws IOException {
		int id = in.readInt();
		Instant time = SnapshotCodec.required(SnapshotCodec.readInstant(in));
		IncidentCause cause = IncidentCause.valueOf(in.readUTF());
		String detail = TextCodec.read(in);
		int worker = in.readInt();
		int slot = in.readInt();
		long pid = in.readLong();
		int generation = in.readInt();
		Instant exited = SnapshotCodec.readInstant(in);
		String exit = TextCodec.readOptional(in);
		Instant heartbeat = SnapshotCodec.readInstant(in);
		WorkerMetrics metrics = SnapshotCodec.readMetrics(in);
		String threadDump = (whole) ? TextCodec.readOptional(in) : null;
		List<String> output = (whole) ? readLines(in) : List.of();
		String errorFile = (whole) ? TextCodec.readOptional(in) : null;
		return new IncidentSnapshot(id, time, cause, detail, worker, slot, pid, generation, exited, exit, heartbeat,
				metrics, threadDump, output, errorFile);
	}

	private static void writeLines(List<String> lines, DataOutput out) throws IOException {
		List<String> last = lines.subList(Math.max(0, lines.size() - LINES), lines.size());
		out.writeInt(last.size());
		for (String line : last) {
			TextCodec.write(line, TextCodec.LINE, out);
		}
	}

	private static List<String> readLines(DataInput in) throws IOException {
		List<String> lines = new ArrayList<>();
		for (int count = in.readInt(); count > 0; count--) {
			lines.add(TextCodec.read(in));
		}
		return lines;
	}

}
