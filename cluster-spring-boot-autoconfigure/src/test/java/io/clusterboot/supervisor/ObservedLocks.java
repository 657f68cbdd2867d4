package io.clusterboot.supervisor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.clusterboot.channel.Request;
import org.jspecify.annotations.Nullable;

/**
 * Who got which lock, as {@link SimulationInvariants} sees it.
 */
final class ObservedLocks {

	private final Map<String, List<Grant>> grants = new HashMap<>();

	/**
	 * A request was answered.
	 * @param worker whose it was
	 * @param request the request
	 * @param held what was answered
	 * @param now when
	 */
	void answered(int worker, Request.OfShared request, boolean held, long now) {
		if (request instanceof Request.Lock asked) {
			List<Grant> current = this.grants.computeIfAbsent(asked.name(), (name) -> new ArrayList<>());
			current.removeIf((grant) -> grant.isOver(now));
			check(held == (current.size() < asked.permits()), "has no more holders of a lock than it may", asked, held);
			if (held) {
				current.add(new Grant(worker, asked.id(), asked.atMost(), asked.atLeast(), now));
			}
		}
		else if (request instanceof Request.Extend asked) {
			Grant grant = find(asked.name(), worker, asked.lock(), now);
			check(held == (grant != null), "extends what is held, and nothing else", asked, held);
			if (held) {
				this.grants.get(asked.name()).remove(grant);
				this.grants.get(asked.name())
					.add(new Grant(worker, asked.lock(), asked.atMost(), asked.atLeast(), now));
			}
		}
		else if (request instanceof Request.Unlock asked) {
			Grant grant = find(asked.name(), worker, asked.lock(), now);
			check(held == (grant != null), "unlocks what is held, and nothing else", asked, held);
			if (held) {
				grant.ended = true;
			}
		}
	}

	private @Nullable Grant find(String name, int worker, long lock, long now) {
		return this.grants.getOrDefault(name, List.of())
			.stream()
			.filter((grant) -> grant.isHeldBy(worker, lock, now))
			.findFirst()
			.orElse(null);
	}

	void exited(int worker) {
		this.grants.values()
			.stream()
			.flatMap(List::stream)
			.filter((grant) -> grant.worker == worker)
			.forEach((grant) -> grant.ended = true);
	}

	private static void check(boolean kept, String promise, Request.OfShared request, boolean held) {
		SimulationInvariants.check(kept, promise, List.of(request, held));
	}

	/**
	 * What a worker was granted.
	 */
	private static final class Grant {

		private final int worker;

		private final long lock;

		private final long latest;

		private final long earliest;

		private boolean ended;

		Grant(int worker, long lock, Duration atMost, Duration atLeast, long now) {
			this.worker = worker;
			this.lock = lock;
			this.latest = now + atMost.toMillis();
			this.earliest = now + atLeast.toMillis();
		}

		boolean isOver(long now) {
			return now >= ((this.ended) ? this.earliest : this.latest);
		}

		boolean isHeldBy(int worker, long lock, long now) {
			return this.worker == worker && this.lock == lock && !this.ended && now < this.latest;
		}

	}

}
