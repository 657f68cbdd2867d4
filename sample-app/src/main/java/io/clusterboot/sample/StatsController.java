package io.clusterboot.sample;

import java.util.Map;
import java.util.stream.Collectors;

import io.clusterboot.Cluster;
import io.clusterboot.WorkerSnapshot;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What all workers have done together.
 */
@RestController
class StatsController {

	private final Cluster cluster;

	StatsController(Cluster cluster) {
		this.cluster = cluster;
	}

	@GetMapping("/stats")
	Map<Integer, Long> requestsBySlot() {
		return this.cluster.snapshot()
			.workers()
			.stream()
			.collect(Collectors.toMap(WorkerSnapshot::slot, (worker) -> worker.metrics().responses().total(),
					Long::sum));
	}

	@GetMapping("/visit")
	String visit() {
		return "You are visitor " + this.cluster.counter("visits").addAndGet(1);
	}

}
