package io.clusterboot.actuate.access;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Rounds}.
 */
class RoundsTests {

	private static final long LOOK = Duration.ofMillis(5).toNanos();

	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - LOOK);

	private final AtomicLong paused = new AtomicLong();

	@Test
	void whoAsksWhileOthersAreAnsweredIsAnsweredTogetherAndByALaterLook() throws Exception {
		List<Set<String>> looks = Collections.synchronizedList(new ArrayList<>());
		CountDownLatch first = new CountDownLatch(1);
		Rounds<String, Integer> rounds = new Rounds<>((questions) -> {
			looks.add(new TreeSet<>(questions));
			await(first);
			return lengths(questions);
		});
		CompletableFuture<Integer> one = ask(rounds, "1");
		Awaitility.await().until(() -> looks.size() == 1);
		List<Thread> threads = new ArrayList<>();
		List<CompletableFuture<Integer>> others = List.of(ask(rounds, "22", threads), ask(rounds, "333", threads),
				ask(rounds, "1", threads));
		Awaitility.await()
			.until(() -> threads.stream().allMatch((thread) -> thread.getState() == Thread.State.WAITING));
		first.countDown();
		assertThat(one.get()).isEqualTo(1);
		assertThat(others).extracting(CompletableFuture::get).containsExactly(2, 3, 1);
		assertThat(looks).containsExactly(Set.of("1"), Set.of("1", "22", "333"));
	}

	@Test
	void whoAsksWithoutAPauseGetsATenthOfTheTime() {
		Rounds<String, Integer> rounds = new Rounds<>(this::look, this.now::get, this::pause);
		long begin = this.now.get();
		for (int i = 0; i < 1000; i++) {
			rounds.ask("a");
		}
		// But for what was in advance
		long all = 1000 * LOOK * 10;
		assertThat(this.now.get() - begin).isBetween(all - Duration.ofSeconds(6).toNanos(), all);
	}

	@Test
	void whoAsksNowAndThenNeverWaits() {
		Rounds<String, Integer> rounds = new Rounds<>(this::look, this.now::get, this::pause);
		for (int minute = 0; minute < 10; minute++) {
			for (int i = 0; i < 20; i++) {
				rounds.ask("a");
			}
			this.now.addAndGet(Duration.ofMinutes(1).toNanos());
		}
		assertThat(this.paused).hasValue(0);
	}

	@Test
	void failureIsForWhomItConcernsOnly() {
		Rounds<String, Integer> rounds = new Rounds<>((questions) -> {
			if (questions.contains("bad")) {
				throw new IllegalStateException("no answer");
			}
			return lengths(questions);
		});
		assertThatIllegalStateException().isThrownBy(() -> rounds.ask("bad")).withMessage("no answer");
		assertThat(rounds.ask("good")).isEqualTo(4);
	}

	private Map<String, Integer> look(Set<String> questions) {
		this.now.addAndGet(LOOK);
		return lengths(questions);
	}

	private void pause(long nanos) {
		this.now.addAndGet(nanos);
		this.paused.addAndGet(nanos);
	}

	private static Map<String, Integer> lengths(Set<String> questions) {
		return questions.stream().collect(Collectors.toMap(Function.identity(), String::length));
	}

	private static CompletableFuture<Integer> ask(Rounds<String, Integer> rounds, String question) {
		return ask(rounds, question, new ArrayList<>());
	}

	private static CompletableFuture<Integer> ask(Rounds<String, Integer> rounds, String question,
			List<Thread> threads) {
		CompletableFuture<Integer> answer = new CompletableFuture<>();
		Thread thread = new Thread(() -> answer.complete(rounds.ask(question)));
		thread.setDaemon(true);
		thread.start();
		threads.add(thread);
		return answer;
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
