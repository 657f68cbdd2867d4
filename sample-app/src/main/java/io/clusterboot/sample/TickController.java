package io.clusterboot.sample;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.clusterboot.Cluster;
import io.clusterboot.OncePerCluster;
import io.clusterboot.event.LeaderEvent;
import io.clusterboot.message.ClusterMessage;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A job that runs in one worker of the cluster, and whose last runs every worker knows.
 * With {@code sample.ticks}, the milliseconds between two runs, it also prints each, and
 * who leads.
 */
@RestController
class TickController {

	private static final int MOST = 20;

	private static final long WORK_NANOS = 20_000_000;

	private final Cluster cluster;

	private final boolean prints;

	private volatile List<String> history = List.of();

	TickController(Cluster cluster, @Value("${sample.ticks:0}") int period) {
		this.cluster = cluster;
		this.prints = period > 0;
	}

	@OncePerCluster
	@Scheduled(fixedRateString = "${sample.ticks:10000}")
	void tick() {
		this.cluster.leader().run(this::tick);
	}

	private void tick(long token) {
		// By the clock of the machine, which all workers share
		long from = System.nanoTime();
		LockSupport.parkNanos(WORK_NANOS);
		String tick = "tick token=%d pid=%d from=%d to=%d".formatted(token, ProcessHandle.current().pid(), from,
				System.nanoTime());
		if (this.prints) {
			System.out.println(tick);
		}
		List<String> ticks = new ArrayList<>(this.history);
		ticks.add(tick);
		this.history = List.copyOf(ticks.subList(Math.max(0, ticks.size() - MOST), ticks.size()));
		this.cluster.retain("ticks", new Ticks(this.history));
	}

	@EventListener
	void on(LeaderEvent event) {
		if (this.prints) {
			System.out.printf("%s token=%d pid=%d%n", event.getClass().getSimpleName(), event.token(),
					ProcessHandle.current().pid());
		}
	}

	@EventListener
	void on(ClusterMessage<Ticks> message) {
		if (message.sender() != this.cluster.id()) {
			this.history = message.payload().history();
		}
	}

	/**
	 * Show the last runs in the cluster.
	 * @return one line each
	 */
	@GetMapping("/ticks")
	List<String> ticks() {
		return this.history;
	}

	record Ticks(List<String> history) {

	}

}
