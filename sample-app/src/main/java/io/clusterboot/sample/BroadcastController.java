package io.clusterboot.sample;

import java.time.Duration;
import java.util.Map;

import io.clusterboot.Cluster;
import io.clusterboot.message.ClusterMessage;

import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Says something to all workers, and what this one has heard last.
 */
@RestController
class BroadcastController {

	private final Cluster cluster;

	private volatile String heard = "nothing";

	BroadcastController(Cluster cluster) {
		this.cluster = cluster;
	}

	@PostMapping("/broadcast")
	Map<Integer, Long> broadcast(@RequestBody String text) {
		return this.cluster.requestAll(new Announcement(text), Long.class, Duration.ofSeconds(5)).join().answers();
	}

	@GetMapping("/broadcast")
	String heard() {
		return this.heard;
	}

	@EventListener
	long on(ClusterMessage<Announcement> message) {
		this.heard = message.payload().text();
		return ProcessHandle.current().pid();
	}

	record Announcement(String text) {

	}

}
