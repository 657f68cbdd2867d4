package io.clusterboot.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.clusterboot.contract.SessionFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for requests that have the same session at the same time, in any order.
 */
class InterleavedSessionsTests {

	private static final int WORKERS = 4;

	private final TestStore store = new TestStore();

	private final List<ClusterSessionRepository> workers = new ArrayList<>();

	InterleavedSessionsTests() {
		for (int i = 0; i < WORKERS; i++) {
			this.workers.add(new ClusterSessionRepository(this.store, SessionFormat.JSON, getClass().getClassLoader()));
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void nothingThatWasWrittenIsLostAndNothingDeletedComesBack(long seed) {
		Random random = new Random(seed);
		for (int life = 0; life < 50; life++) {
			live(random, "seed " + seed + ", life " + life);
		}
	}

	// One request at a time does something, but many have begun
	private void live(Random random, String life) {
		ClusterSession session = this.workers.get(0).createSession();
		this.workers.get(0).save(session);
		List<String> ids = new ArrayList<>(List.of(session.getId()));
		Map<String, Integer> expected = new HashMap<>();
		List<Request> open = new ArrayList<>();
		boolean deleted = false;
		for (int step = 0; step < 60; step++) {
			String id = ids.get(ids.size() - 1);
			int turn = random.nextInt(10);
			if (turn < 4) {
				ClusterSessionRepository worker = this.workers.get(random.nextInt(WORKERS));
				ClusterSession found = worker.findById(id);
				assertThat(found == null).as(life).isEqualTo(deleted);
				if (found != null) {
					open.add(new Request(worker, found, Set.copyOf(found.getAttributeNames()), new HashMap<>()));
				}
			}
			else if (turn < 7 && !open.isEmpty()) {
				open.get(random.nextInt(open.size())).change("name" + random.nextInt(5), step);
			}
			else if (turn < 9 && !open.isEmpty()) {
				Request request = open.remove(random.nextInt(open.size()));
				boolean renames = random.nextInt(5) == 0 && request.session().getId().equals(id);
				if (renames) {
					ids.add(request.session().changeSessionId());
				}
				request.worker().save(request.session());
				expected.putAll(request.changes());
			}
			else if (random.nextInt(30) == 0) {
				deleted = true;
				this.workers.get(random.nextInt(WORKERS)).deleteById(ids.get(random.nextInt(ids.size())));
			}
		}
		open.forEach((request) -> {
			request.worker().save(request.session());
			expected.putAll(request.changes());
		});
		for (String old : ids.subList(0, ids.size() - 1)) {
			assertThat(this.workers.get(0).findById(old)).as(life).isNull();
		}
		ClusterSession last = this.workers.get(0).findById(ids.get(ids.size() - 1));
		assertThat(last == null).as(life).isEqualTo(deleted);
		if (last != null) {
			Map<String, Integer> found = new HashMap<>();
			last.getAttributeNames().forEach((name) -> found.put(name, last.getAttribute(name)));
			expected.values().removeIf((value) -> value < 0);
			assertThat(found).as(life).isEqualTo(expected);
		}
	}

	@Test
	void manyThreadsThatWriteTheirOwnAttributesAllWin() throws Exception {
		ClusterSession session = this.workers.get(0).createSession();
		this.workers.get(0).save(session);
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			CountDownLatch start = new CountDownLatch(8);
			List<Future<?>> all = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				int thread = i;
				all.add(threads.submit(() -> {
					start.countDown();
					start.await();
					for (int round = 1; round <= 100; round++) {
						ClusterSessionRepository worker = this.workers.get((thread + round) % WORKERS);
						ClusterSession mine = worker.findById(session.getId());
						assertThat(mine).isNotNull();
						assertThat(mine.getAttributeOrDefault("thread" + thread, 0)).isEqualTo(round - 1);
						mine.setAttribute("thread" + thread, round);
						worker.save(mine);
					}
					return null;
				}));
			}
			for (Future<?> future : all) {
				future.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
		ClusterSession after = this.workers.get(0).findById(session.getId());
		assertThat(after).isNotNull();
		assertThat(after.getAttributeNames()).hasSize(8)
			.allSatisfy((name) -> assertThat(after.<Integer>getAttribute(name)).isEqualTo(100));
	}

	/**
	 * A request that has begun.
	 *
	 * @param worker who answers it
	 * @param session its session
	 * @param found the attributes that the session had: to remove any other is no change
	 * @param changes what it has changed, where less than nothing means removed
	 */
	private record Request(ClusterSessionRepository worker, ClusterSession session, Set<String> found,
			Map<String, Integer> changes) {

		void change(String name, int value) {
			if (value % 4 == 0) {
				this.session.removeAttribute(name);
				this.changes.remove(name);
				if (this.found.contains(name)) {
					this.changes.put(name, -1);
				}
			}
			else {
				this.session.setAttribute(name, value);
				this.changes.put(name, value);
			}
		}

	}

}
