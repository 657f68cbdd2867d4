package io.clusterboot.supervisor.table;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

import io.clusterboot.IncidentCause;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStatus;
import io.clusterboot.channel.Tally;
import io.clusterboot.event.ClusterEvent;
import io.clusterboot.event.ReloadFinished;
import io.clusterboot.event.WorkerExited;

/**
 * Counts what happens.
 */
public final class Tallies {

	private final Map<IncidentCause, Long> restarts = new EnumMap<>(IncidentCause.class);

	private final Map<ReloadStatus, Tally.Times> reloads = new EnumMap<>(ReloadStatus.class);

	private Tally.Times starts = Tally.Times.NONE;

	private long drains;

	private long cutRequests;

	void happened(ClusterEvent event) {
		if (event instanceof WorkerExited exited && exited.cause() != null) {
			this.restarts.merge(exited.cause(), 1L, Long::sum);
		}
		else if (event instanceof ReloadFinished finished) {
			ReloadSnapshot reload = finished.reload();
			Duration duration = (reload.finished() != null) ? Duration.between(reload.started(), reload.finished())
					: Duration.ZERO;
			this.reloads.merge(reload.status(), Tally.Times.NONE.plus(duration),
					(before, one) -> before.plus(duration));
		}
	}

	/**
	 * A worker is ready for the first time.
	 * @param duration how long its start took
	 */
	public void started(Duration duration) {
		this.starts = this.starts.plus(duration);
	}

	/**
	 * A worker has been drained.
	 * @param cutRequests how many requests had not ended
	 */
	public void drained(int cutRequests) {
		this.drains++;
		this.cutRequests += cutRequests;
	}

	public Tally tally() {
		return new Tally(this.restarts, this.reloads, this.starts, this.drains, this.cutRequests);
	}

}
