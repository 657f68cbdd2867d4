package io.clusterboot.sample;

import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

import io.clusterboot.Cluster;
import io.clusterboot.OncePerCluster;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A job that runs in one worker of the cluster. Only with {@code sample.ticks}, the
 * milliseconds between two runs.
 */
@RestController
@EnableScheduling
@ConditionalOnProperty("sample.ticks")
class TickController {

	private static final int MOST = 100;

	private static final int WORK_MILLIS = 20;

	private final Cluster cluster;

	private final Deque<String> history = new ConcurrentLinkedDeque<>();

	TickController(Cluster cluster) {
		this.cluster = cluster;
	}

	@OncePerCluster
	@Scheduled(fixedRateString = "${sample.ticks}")
	void tick() throws InterruptedException {
		// By the clock of the machine, which all workers share
		long from = System.nanoTime();
		long token = this.cluster.leader().token().orElse(0);
		Thread.sleep(WORK_MILLIS);
		String tick = "tick token=%d pid=%d from=%d to=%d".formatted(token, ProcessHandle.current().pid(), from,
				System.nanoTime());
		System.out.println(tick);
		this.history.add(tick);
		if (this.history.size() > MOST) {
			this.history.remove();
		}
	}

	/**
	 * Show the last runs in this worker.
	 * @return one line each
	 */
	@GetMapping("/ticks")
	List<String> ticks() {
		return List.copyOf(this.history);
	}

}
