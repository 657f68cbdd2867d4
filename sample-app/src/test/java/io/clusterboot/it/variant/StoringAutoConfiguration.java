package io.clusterboot.it.variant;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;

import io.clusterboot.Cluster;
import io.clusterboot.ClusterException;
import io.clusterboot.ClusterLock;
import io.clusterboot.store.ClusterStore;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application that has something kept for all of its workers.
 */
@AutoConfiguration
@RestController
public class StoringAutoConfiguration {

	private static final Duration HOUR = Duration.ofHours(1);

	private final ClusterStore store;

	private final Cluster cluster;

	public StoringAutoConfiguration(ClusterStore store, Cluster cluster) {
		this.store = store;
		this.cluster = cluster;
	}

	@PostMapping("/put")
	String put(@RequestParam String key, @RequestParam String value, @RequestParam(defaultValue = "PT1H") Duration time,
			@RequestParam(required = false) String group) {
		this.store.put(key, value.getBytes(StandardCharsets.UTF_8), time, group);
		return "kept";
	}

	@GetMapping("/find")
	String get(@RequestParam String key) {
		long start = System.nanoTime();
		try {
			ClusterStore.Entry entry = this.store.get(key);
			return (entry != null) ? new String(entry.value(), StandardCharsets.UTF_8) : "nothing";
		}
		catch (ClusterException ex) {
			return "%s after %d ms".formatted(ex.getMessage(), (System.nanoTime() - start) / 1_000_000);
		}
	}

	@GetMapping("/keys")
	List<String> keys(@RequestParam String group) {
		return this.store.keys(group);
	}

	/**
	 * Add to a number as often as is asked, each time to what was read.
	 * @param key its key
	 * @param times how often
	 * @return how often another was faster
	 */
	@PostMapping("/add")
	int add(@RequestParam String key, @RequestParam int times) {
		int lost = 0;
		for (int i = 0; i < times;) {
			ClusterStore.Entry before = this.store.get(key);
			long version = (before != null) ? before.version() : ClusterStore.ABSENT;
			int number = (before != null) ? Integer.parseInt(new String(before.value(), StandardCharsets.UTF_8)) : 0;
			byte[] next = String.valueOf(number + 1).getBytes(StandardCharsets.UTF_8);
			if (this.store.replace(key, next, HOUR, null, version) != ClusterStore.ABSENT) {
				i++;
			}
			else {
				lost++;
			}
		}
		return lost;
	}

	@PostMapping("/fill")
	String fill(@RequestParam int count, @RequestParam int length) {
		byte[] value = new byte[length];
		for (int i = 0; i < count; i++) {
			Arrays.fill(value, (byte) i);
			this.store.put("filler " + i, value, HOUR, "fillers");
		}
		return "filled";
	}

	/**
	 * Read and write as many at once, as sessions are.
	 * @param threads how many
	 * @param time how long
	 * @param length how long a value may be
	 * @return how often, and how long it took
	 * @throws Exception if something fails
	 */
	@PostMapping("/storm")
	String storm(@RequestParam int threads, @RequestParam Duration time, @RequestParam int length) throws Exception {
		Executor executor = (task) -> new Thread(task, "storm").start();
		List<CompletableFuture<List<Long>>> users = new ArrayList<>();
		for (int i = 0; i < threads; i++) {
			users.add(CompletableFuture.supplyAsync(() -> use(time, length), executor));
		}
		List<Long> all = new ArrayList<>();
		for (CompletableFuture<List<Long>> user : users) {
			all.addAll(user.get());
		}
		all.sort(null);
		return "operations=%d p50=%d p99=%d max=%d".formatted(all.size(), all.get(all.size() / 2),
				all.get(all.size() * 99 / 100), all.get(all.size() - 1));
	}

	private List<Long> use(Duration time, int length) {
		List<Long> micros = new ArrayList<>();
		ThreadLocalRandom random = ThreadLocalRandom.current();
		long end = System.nanoTime() + time.toNanos();
		while (System.nanoTime() < end) {
			String key = "session " + random.nextInt(1000);
			long start = System.nanoTime();
			if (random.nextInt(4) == 0) {
				this.store.put(key, new byte[random.nextInt(length)], HOUR, "user " + random.nextInt(100));
			}
			else {
				this.store.renew(key, HOUR);
			}
			micros.add((System.nanoTime() - start) / 1000);
		}
		return micros;
	}

	/**
	 * Take permits, and give none back.
	 * @param permits how many there are
	 * @return how many it got
	 */
	@PostMapping("/take")
	int take(@RequestParam int permits) {
		ClusterLock semaphore = this.cluster.semaphore("slots", permits);
		int got = 0;
		while (semaphore.tryLock(HOUR) != null) {
			got++;
		}
		return got;
	}

}
