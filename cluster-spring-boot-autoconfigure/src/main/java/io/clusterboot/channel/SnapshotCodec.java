package io.clusterboot.channel;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.clusterboot.CanarySnapshot;
import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ClusterState;
import io.clusterboot.DropCounts;
import io.clusterboot.LossSnapshot;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStepSnapshot;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.RequestTimes;
import io.clusterboot.ResponseCounts;
import io.clusterboot.WorkerMetrics;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the snapshots that travel in messages.
 */
final class SnapshotCodec {

	private SnapshotCodec() {
	}

	static void writeCluster(ClusterSnapshot cluster, DataOutput out) throws IOException {
		out.writeUTF(cluster.state().name());
		out.writeLong(cluster.primary().pid());
		writeInstant(cluster.primary().started(), out);
		out.writeInt(cluster.port());
		out.writeInt(cluster.target());
		out.writeInt(cluster.generation());
		out.writeInt(cluster.workers().size());
		for (WorkerSnapshot worker : cluster.workers()) {
			writeWorker(worker, out);
		}
		out.writeInt(cluster.failedSlots().size());
		for (int slot : cluster.failedSlots()) {
			out.writeInt(slot);
		}
		writeOptionalReload(cluster.lastReload(), out);
	}

	static ClusterSnapshot readCluster(DataInput in) throws IOException {
		ClusterState state = ClusterState.valueOf(in.readUTF());
		PrimarySnapshot primary = new PrimarySnapshot(in.readLong(), required(readInstant(in)));
		int port = in.readInt();
		int target = in.readInt();
		int generation = in.readInt();
		int count = in.readInt();
		List<WorkerSnapshot> workers = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			workers.add(readWorker(in));
		}
		return new ClusterSnapshot(state, primary, port, target, generation, workers, readNumbers(in),
				readOptionalReload(in));
	}

	static void writeReload(ReloadSnapshot reload, DataOutput out) throws IOException {
		out.writeInt(reload.id());
		out.writeUTF(reload.trigger());
		out.writeUTF(reload.strategy().name());
		out.writeUTF(reload.status().name());
		String reason = reload.reason();
		out.writeBoolean(reason != null);
		if (reason != null) {
			out.writeUTF(reason);
		}
		out.writeInt(reload.fromGeneration());
		out.writeInt(reload.toGeneration());
		writeInstant(reload.started(), out);
		writeInstant(reload.finished(), out);
		out.writeInt(reload.steps().size());
		for (ReloadStepSnapshot step : reload.steps()) {
			writeStep(step, out);
		}
		writeCanary(reload.canary(), out);
		writeLosses(reload.losses(), out);
		out.writeInt(reload.output().size());
		for (String line : reload.output()) {
			out.writeUTF(line);
		}
	}

	static void writeReloads(List<ReloadSnapshot> reloads, DataOutput out) throws IOException {
		out.writeInt(reloads.size());
		for (ReloadSnapshot reload : reloads) {
			writeReload(reload, out);
		}
	}

	static List<ReloadSnapshot> readReloads(DataInput in) throws IOException {
		List<ReloadSnapshot> reloads = new ArrayList<>();
		for (int count = in.readInt(); count > 0; count--) {
			reloads.add(readReload(in));
		}
		return reloads;
	}

	static void writeOptionalReload(@Nullable ReloadSnapshot reload, DataOutput out) throws IOException {
		out.writeBoolean(reload != null);
		if (reload != null) {
			writeReload(reload, out);
		}
	}

	static @Nullable ReloadSnapshot readOptionalReload(DataInput in) throws IOException {
		return (in.readBoolean()) ? readReload(in) : null;
	}

	static ReloadSnapshot readReload(DataInput in) throws IOException {
		return new ReloadSnapshot(in.readInt(), in.readUTF(), ReloadStrategy.valueOf(in.readUTF()),
				ReloadStatus.valueOf(in.readUTF()), (in.readBoolean()) ? in.readUTF() : null, in.readInt(),
				in.readInt(), required(readInstant(in)), readInstant(in), readSteps(in), readCanary(in), readLosses(in),
				readLines(in));
	}

	static void writeStrategy(@Nullable ReloadStrategy strategy, DataOutput out) throws IOException {
		out.writeUTF((strategy != null) ? strategy.name() : "");
	}

	static @Nullable ReloadStrategy readStrategy(DataInput in) throws IOException {
		String name = in.readUTF();
		return (!name.isEmpty()) ? ReloadStrategy.valueOf(name) : null;
	}

	private static List<ReloadStepSnapshot> readSteps(DataInput in) throws IOException {
		List<ReloadStepSnapshot> steps = new ArrayList<>();
		for (int count = in.readInt(); count > 0; count--) {
			steps.add(readStep(in));
		}
		return steps;
	}

	private static void writeStep(ReloadStepSnapshot step, DataOutput out) throws IOException {
		out.writeInt(step.slot());
		out.writeInt(step.generation());
		out.writeInt(step.worker());
		writeInstant(step.forked(), out);
		writeInstant(step.ready(), out);
		Integer replaced = step.replaced();
		out.writeInt((replaced != null) ? replaced : 0);
		writeInstant(step.drained(), out);
	}

	private static ReloadStepSnapshot readStep(DataInput in) throws IOException {
		int slot = in.readInt();
		int generation = in.readInt();
		int worker = in.readInt();
		Instant forked = required(readInstant(in));
		Instant ready = readInstant(in);
		int replaced = in.readInt();
		return new ReloadStepSnapshot(slot, generation, worker, forked, ready, (replaced != 0) ? replaced : null,
				readInstant(in));
	}

	private static void writeWorker(WorkerSnapshot worker, DataOutput out) throws IOException {
		out.writeInt(worker.id());
		out.writeInt(worker.slot());
		out.writeLong(worker.pid());
		out.writeInt(worker.generation());
		out.writeUTF(worker.state().name());
		writeInstant(worker.started(), out);
		writeInstant(worker.ready(), out);
		out.writeInt(worker.restarts());
		writeMetrics(worker.metrics(), out);
	}

	private static WorkerSnapshot readWorker(DataInput in) throws IOException {
		return new WorkerSnapshot(in.readInt(), in.readInt(), in.readLong(), in.readInt(),
				WorkerState.valueOf(in.readUTF()), required(readInstant(in)), readInstant(in), in.readInt(),
				readMetrics(in));
	}

	static void writeMetrics(WorkerMetrics metrics, DataOutput out) throws IOException {
		out.writeLong(metrics.heapUsed());
		out.writeLong(metrics.heapAfterGc());
		out.writeLong(metrics.residentSet());
		out.writeLong(metrics.cpuTime().toNanos());
		out.writeLong(metrics.gcTime().toNanos());
		out.writeInt(metrics.threads());
		out.writeInt(metrics.connections());
		out.writeInt(metrics.requestsInFlight());
		writeResponses(metrics.responses(), out);
		out.writeLong(metrics.requestTimes().total().toNanos());
		out.writeInt(metrics.requestTimes().counts().size());
		for (long count : metrics.requestTimes().counts()) {
			out.writeLong(count);
		}
	}

	static WorkerMetrics readMetrics(DataInput in) throws IOException {
		return new WorkerMetrics(in.readLong(), in.readLong(), in.readLong(), Duration.ofNanos(in.readLong()),
				Duration.ofNanos(in.readLong()), in.readInt(), in.readInt(), in.readInt(), readResponses(in),
				new RequestTimes(Duration.ofNanos(in.readLong()), readCounts(in)));
	}

	private static List<Long> readCounts(DataInput in) throws IOException {
		List<Long> counts = new ArrayList<>();
		for (int count = in.readInt(); count > 0; count--) {
			counts.add(in.readLong());
		}
		return counts;
	}

	private static List<Integer> readNumbers(DataInput in) throws IOException {
		List<Integer> numbers = new ArrayList<>();
		for (int count = in.readInt(); count > 0; count--) {
			numbers.add(in.readInt());
		}
		return numbers;
	}

	static void writeResponses(ResponseCounts responses, DataOutput out) throws IOException {
		out.writeLong(responses.informational());
		out.writeLong(responses.successful());
		out.writeLong(responses.redirections());
		out.writeLong(responses.clientErrors());
		out.writeLong(responses.serverErrors());
	}

	static ResponseCounts readResponses(DataInput in) throws IOException {
		return new ResponseCounts(in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
	}

	private static void writeCanary(@Nullable CanarySnapshot canary, DataOutput out) throws IOException {
		out.writeBoolean(canary != null);
		if (canary != null) {
			out.writeInt(canary.worker());
			writeInstant(canary.until(), out);
			writeResponses(canary.responses(), out);
			writeResponses(canary.others(), out);
		}
	}

	private static @Nullable CanarySnapshot readCanary(DataInput in) throws IOException {
		return (in.readBoolean())
				? new CanarySnapshot(in.readInt(), required(readInstant(in)), readResponses(in), readResponses(in))
				: null;
	}

	private static void writeLosses(@Nullable LossSnapshot losses, DataOutput out) throws IOException {
		out.writeBoolean(losses != null);
		if (losses != null) {
			writeDrops(losses.before(), out);
			writeDrops(losses.after(), out);
			out.writeInt(losses.cutRequests());
			out.writeInt(losses.killedWorkers());
		}
	}

	private static @Nullable LossSnapshot readLosses(DataInput in) throws IOException {
		return (in.readBoolean()) ? new LossSnapshot(readDrops(in), readDrops(in), in.readInt(), in.readInt()) : null;
	}

	private static void writeDrops(@Nullable DropCounts drops, DataOutput out) throws IOException {
		out.writeBoolean(drops != null);
		if (drops != null) {
			out.writeLong(drops.listenDrops());
			out.writeLong(drops.listenOverflows());
			out.writeLong(drops.requestQueueFull());
		}
	}

	private static @Nullable DropCounts readDrops(DataInput in) throws IOException {
		return (in.readBoolean()) ? new DropCounts(in.readLong(), in.readLong(), in.readLong()) : null;
	}

	private static List<String> readLines(DataInput in) throws IOException {
		List<String> lines = new ArrayList<>();
		for (int count = in.readInt(); count > 0; count--) {
			lines.add(in.readUTF());
		}
		return lines;
	}

	static void writeInstant(@Nullable Instant instant, DataOutput out) throws IOException {
		out.writeLong((instant != null) ? instant.toEpochMilli() : Long.MIN_VALUE);
	}

	static @Nullable Instant readInstant(DataInput in) throws IOException {
		long millis = in.readLong();
		return (millis != Long.MIN_VALUE) ? Instant.ofEpochMilli(millis) : null;
	}

	static Instant required(@Nullable Instant instant) throws IOException {
		if (instant == null) {
			throw new IOException("A time is missing");
		}
		return instant;
	}

}
