package io.clusterboot.primary;

import java.time.Duration;

import io.clusterboot.RequestTimes;
import io.clusterboot.ResponseCounts;
import io.clusterboot.WorkerMetrics;
import io.clusterboot.channel.Message;

/**
 * Heartbeats for tests.
 */
final class Beats {

	private Beats() {
	}

	static Message.Heartbeat of(int connections, ResponseCounts responses) {
		return of(connections, 0, 0, responses);
	}

	static Message.Heartbeat of(int connections, int requestsInFlight, long residentSet, ResponseCounts responses) {
		return new Message.Heartbeat(new WorkerMetrics(0, 0, residentSet, Duration.ZERO, Duration.ZERO, 10, connections,
				requestsInFlight, responses, RequestTimes.NONE));
	}

	/**
	 * Return the heartbeat of a worker that does nothing now.
	 * @param requestTimes how long all its requests took together
	 * @return the heartbeat
	 */
	static Message.Heartbeat of(Duration requestTimes) {
		return new Message.Heartbeat(new WorkerMetrics(0, 0, 0, Duration.ZERO, Duration.ZERO, 10, 0, 0,
				ResponseCounts.NONE, new RequestTimes(requestTimes, RequestTimes.NONE.counts())));
	}

}
