package io.clusterboot.worker.warmup;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import io.clusterboot.contract.WarmUpRequest;

/**
 * The requests that users send most, in little memory however many there are: when there
 * are too many, the one that came least often is forgotten, and whoever takes its place
 * inherits its count as what may not be its own ("space-saving", Metwally et al. 2005).
 */
public final class LearnedRequests {

	private static final int KEPT = 200;

	private static final int MOST_TOLD = 20;

	private static final int LONGEST = 1024;

	private static final int LONGEST_ALTOGETHER = 8 * 1024;

	// What came once is nothing that comes often
	private static final int LEAST = 2;

	private final String excluded;

	private final Lock lock = new ReentrantLock();

	// Guarded by lock
	private final Map<String, Count> counts = new HashMap<>();

	/**
	 * Create an empty set of requests.
	 * @param excluded the beginning of paths that do not count, or an empty string
	 */
	public LearnedRequests(String excluded) {
		this.excluded = excluded;
	}

	/**
	 * Take it that requests come often, until it turns out which do.
	 * @param paths their paths
	 */
	public void expect(List<String> paths) {
		this.lock.lock();
		try {
			paths.stream()
				.filter(this::isAllowed)
				.limit(MOST_TOLD)
				.forEach((path) -> this.counts.put(path, new Count(LEAST, 0)));
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Count a request, unless others are counted at this moment: no request waits for
	 * another, and what is left is still a fair sample.
	 * @param path its path, with its query
	 */
	public void add(String path) {
		if (isAllowed(path) && this.lock.tryLock()) {
			try {
				count(path);
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	// What follows a semicolon can be the number of a session
	private boolean isAllowed(String path) {
		return path.length() <= LONGEST && path.indexOf(';') < 0
				&& (this.excluded.isEmpty() || !path.startsWith(this.excluded)) && WarmUpRequest.isPath(path);
	}

	private void count(String path) {
		Count count = this.counts.get(path);
		if (count != null) {
			count.value++;
		}
		else if (this.counts.size() < KEPT) {
			this.counts.put(path, new Count(1, 0));
		}
		else {
			Map.Entry<String, Count> least = this.counts.entrySet()
				.stream()
				.min(Comparator.comparingLong((entry) -> entry.getValue().value))
				.orElseThrow();
			this.counts.remove(least.getKey());
			this.counts.put(path, new Count(least.getValue().value + 1, least.getValue().value));
		}
	}

	/**
	 * Return the requests that came most often.
	 * @return their paths, the most frequent first, not more than can be told
	 */
	public List<String> top() {
		List<Map.Entry<String, Count>> sorted;
		this.lock.lock();
		try {
			sorted = this.counts.entrySet()
				.stream()
				.filter((entry) -> entry.getValue().certain() >= LEAST)
				.sorted(Comparator.comparingLong((Map.Entry<String, Count> entry) -> entry.getValue().certain())
					.reversed())
				.limit(MOST_TOLD)
				.toList();
		}
		finally {
			this.lock.unlock();
		}
		List<String> top = new ArrayList<>();
		int length = 0;
		for (Map.Entry<String, Count> entry : sorted) {
			length += entry.getKey().length();
			if (length <= LONGEST_ALTOGETHER) {
				top.add(entry.getKey());
			}
		}
		return top;
	}

	/**
	 * How often a request came.
	 */
	private static final class Count {

		private long value;

		private final long inherited;

		private Count(long value, long inherited) {
			this.value = value;
			this.inherited = inherited;
		}

		private long certain() {
			return this.value - this.inherited;
		}

	}

}
