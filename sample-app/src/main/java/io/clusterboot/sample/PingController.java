package io.clusterboot.sample;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

import io.clusterboot.Cluster;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.message.ClusterMessage;

import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * How long it takes to ask another worker something.
 */
@RestController
class PingController {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final Cluster cluster;

	PingController(Cluster cluster) {
		this.cluster = cluster;
	}

	@PostMapping("/ping")
	String ping(@RequestParam int count, @RequestParam int atOnce) throws InterruptedException {
		int other = this.cluster.snapshot()
			.workers()
			.stream()
			.mapToInt(WorkerSnapshot::id)
			.filter((id) -> id != this.cluster.id())
			.findFirst()
			.orElse(this.cluster.id());
		long[] nanos = new long[count];
		Semaphore permits = new Semaphore(atOnce);
		long begin = System.nanoTime();
		for (int i = 0; i < count; i++) {
			permits.acquire();
			int index = i;
			long start = System.nanoTime();
			CompletableFuture<Integer> answer = this.cluster.request(other, new Ping(i), Integer.class, TIMEOUT);
			answer.whenComplete((value, failure) -> {
				nanos[index] = System.nanoTime() - start;
				permits.release();
			});
		}
		permits.acquire(atOnce);
		double seconds = (System.nanoTime() - begin) / 1e9;
		Arrays.sort(nanos);
		return "%.0f %.0f %.0f".formatted(count / seconds, nanos[count / 2] / 1e3, nanos[count * 99 / 100] / 1e3);
	}

	@EventListener
	int on(ClusterMessage<Ping> message) {
		return message.payload().number();
	}

	record Ping(int number) {

	}

}
