package io.clusterboot.event;

import io.clusterboot.IncidentCause;
import io.clusterboot.WorkerSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The process of a worker is gone.
 *
 * @param worker the worker
 * @param code its exit code, or 128 and the number of the signal that ended it
 * @param exit how it ended in words, such as {@code SIGKILL (exit code 137)}
 * @param cause why, if nobody wanted it to end, or {@code null}
 */
public record WorkerExited(WorkerSnapshot worker, int code, String exit,
		@Nullable IncidentCause cause) implements WorkerEvent {

	/**
	 * Return whether somebody wanted it to end: a reload, whoever scales or stops the
	 * cluster, a limit of its life, a SIGTERM, or code that disconnected it. Who kills it
	 * wants to have it replaced as after a crash, so that is no such end.
	 * @return whether it is no incident
	 */
	public boolean isVoluntary() {
		return this.cause == null;
	}

}
