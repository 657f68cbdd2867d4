package io.clusterboot.supervisor;

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
		return of(connections, requestsInFlight, residentSet, responses, RequestTimes.NONE);
	}

	/**
	 * Make the heartbeat of a worker with one connection.
	 * @param requestsInFlight how many requests it has in hand
	 * @param busy how long it has worked at requests since its start
	 * @param residentSet its memory
	 * @param responses what it has answered
	 * @return the heartbeat
	 */
	static Message.Heartbeat of(int requestsInFlight, Duration busy, long residentSet, ResponseCounts responses) {
		return of(1, requestsInFlight, residentSet, responses, new RequestTimes(busy, RequestTimes.NONE.counts()));
	}

	private static Message.Heartbeat of(int connections, int requestsInFlight, long residentSet,
			ResponseCounts responses, RequestTimes times) {
		return new Message.Heartbeat(new WorkerMetrics(0, 0, residentSet, Duration.ZERO, Duration.ZERO, 10, 0,
				connections, requestsInFlight, responses, times), 0);
	}

	/**
	 * Return the heartbeat of a worker that does nothing now.
	 * @param requestTimes how long all its requests took together
	 * @return the heartbeat
	 */
	static Message.Heartbeat of(Duration requestTimes) {
		return new Message.Heartbeat(new WorkerMetrics(0, 0, 0, Duration.ZERO, Duration.ZERO, 10, 0, 0, 0,
				ResponseCounts.NONE, new RequestTimes(requestTimes, RequestTimes.NONE.counts())), 0);
	}

	/**
	 * Return the heartbeat of a worker that starts.
	 * @param beans how many beans it has made
	 * @param processorTime how much processor time it has used
	 * @return the heartbeat
	 */
	static Message.Heartbeat of(int beans, Duration processorTime) {
		return new Message.Heartbeat(new WorkerMetrics(0, 0, 0, processorTime, Duration.ZERO, 10, 0, 0, 0,
				ResponseCounts.NONE, RequestTimes.NONE), beans);
	}

}
