package io.clusterboot;

import java.time.Instant;
import java.util.List;

import io.clusterboot.contract.WorkerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * What is known about an end of a worker that nobody wanted.
 *
 * @param id counts up from 1 and is never used twice
 * @param time when it was noticed
 * @param cause the kind of cause
 * @param detail the cause in words
 * @param worker the worker's id
 * @param slot the worker's slot, or {@link WorkerIdentity#NO_SLOT} for a spare
 * @param pid the worker's process id
 * @param generation the generation that it ran
 * @param exited when its process was gone, or {@code null} if it is still there
 * @param exit how its process ended, or {@code null}
 * @param heartbeat when it was last heard, or {@code null} if it never was
 * @param metrics what it said then
 * @param threadDump what its threads did, or {@code null} if that could not be learned
 * @param output the last lines that it printed
 * @param errorFile the {@code hs_err} file that the JVM left, or {@code null}
 */
public record IncidentSnapshot(int id, Instant time, IncidentCause cause, String detail, int worker, int slot, long pid,
		int generation, @Nullable Instant exited, @Nullable String exit, @Nullable Instant heartbeat,
		WorkerMetrics metrics, @Nullable String threadDump, List<String> output, @Nullable String errorFile) {

	public IncidentSnapshot {
		output = List.copyOf(output);
	}

}
