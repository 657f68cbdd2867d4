package io.clusterboot.web.tomcat;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

import io.clusterboot.RequestTimes;

/**
 * Counts requests by how long they took, from any thread.
 */
class RequestTimer {

	private final LongAdder total = new LongAdder();

	private final LongAdder[] counts = Stream.generate(LongAdder::new)
		.limit(RequestTimes.BOUNDS_MILLIS.size() + 1)
		.toArray(LongAdder[]::new);

	/**
	 * Count a request.
	 * @param nanos how long it took; less than nothing counts as nothing
	 */
	void count(long nanos) {
		this.counts[RequestTimes.index(nanos)].increment();
		this.total.add(Math.max(nanos, 0));
	}

	RequestTimes times() {
		return new RequestTimes(Duration.ofNanos(this.total.sum()),
				Arrays.stream(this.counts).map(LongAdder::sum).toList());
	}

}
