package io.clusterboot.it.variant;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.clusterboot.Cluster;
import io.clusterboot.event.ClusterEvent;
import io.clusterboot.event.WorkerEvent;
import io.clusterboot.event.WorkerExited;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application that listens to what happens in its cluster, and says what it heard. It
 * ends workers if it is told to.
 */
@AutoConfiguration
@RestController
public class ListeningAutoConfiguration {

	private final List<String> heard = new CopyOnWriteArrayList<>();

	private final Cluster cluster;

	public ListeningAutoConfiguration(Cluster cluster) {
		this.cluster = cluster;
	}

	@EventListener
	void on(ClusterEvent event) {
		String what = event.getClass().getSimpleName();
		if (event instanceof WorkerEvent step) {
			what += " " + step.worker().id();
		}
		if (event instanceof WorkerExited exited) {
			what += " " + exited.code() + " " + exited.cause() + " " + isAlive(exited.worker().id());
		}
		this.heard.add(what);
	}

	// What it asks must be as the event says
	private String isAlive(int id) {
		return this.cluster.snapshot().workers().stream().anyMatch((worker) -> worker.id() == id) ? "alive" : "gone";
	}

	@PostMapping("/kill")
	boolean kill(@RequestParam int worker) {
		return this.cluster.worker(worker).kill();
	}

	@PostMapping("/disconnect")
	boolean disconnect(@RequestParam int worker) {
		return this.cluster.worker(worker).disconnect();
	}

	@GetMapping("/heard")
	String heard() {
		return String.join("\n", this.heard);
	}

}
