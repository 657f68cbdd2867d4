package io.clusterboot.worker.watch;

import java.time.Duration;
import java.util.function.Supplier;

import io.clusterboot.IncidentCause;
import io.clusterboot.gate.GatedServer;
import org.jspecify.annotations.Nullable;

/**
 * Detects that all request threads are busy and none of them ever gets anything done. One
 * that moves bytes does: a client may be slow.
 */
final class StallDetector implements Detector {

	private final Supplier<@Nullable GatedServer> server;

	private final Duration timeout;

	private long finished = -1;

	private long lastTransfer;

	private Duration stalled = Duration.ZERO;

	/**
	 * Create a detector.
	 * @param server the server, if there is one yet
	 * @param timeout how long threads may be busy without any of them getting anything
	 * done
	 */
	StallDetector(Supplier<@Nullable GatedServer> server, Duration timeout) {
		this.server = server;
		this.timeout = timeout;
	}

	@Override
	public IncidentCause cause() {
		return IncidentCause.STALL;
	}

	@Override
	public @Nullable String look(Tick tick) {
		GatedServer server = this.server.get();
		if (server == null || !server.isPoolFull()) {
			this.finished = -1;
			return null;
		}
		long finished = server.responses().total() + server.finishedTasks();
		long lastTransfer = server.lastTransfer();
		boolean progress = finished != this.finished || lastTransfer > this.lastTransfer;
		this.finished = finished;
		// Less when a client has gone or the clock was set back
		this.lastTransfer = lastTransfer;
		if (progress) {
			this.stalled = Duration.ZERO;
			return null;
		}
		this.stalled = this.stalled.plus(tick.seen());
		if (this.stalled.compareTo(this.timeout) < 0) {
			return null;
		}
		return "All request threads are busy and have finished no request and moved no byte for %d s, %d requests are in flight"
			.formatted(this.stalled.toSeconds(), server.requestsInFlight());
	}

}
