package io.clusterboot.worker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import io.clusterboot.ClusterLock;
import io.clusterboot.ClusterLock.Held;
import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.lead.LocalLeader;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RemoteLocks}.
 */
class RemoteLocksTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private final List<Message> sent = new CopyOnWriteArrayList<>();

	private final RemoteCluster cluster = new RemoteCluster(() -> new WorkerIdentity(7, 2, 3, 8080, 1, "/tmp"),
			this.sent::add, new LocalLeader(1));

	private final ClusterLock lock = this.cluster.lock("job");

	@Test
	void lockIsKeptByThePrimary() {
		Held held = answered(() -> this.lock.tryLock(HOUR, MINUTE), true);
		assertThat(held).isNotNull();
		long number = id(0);
		assertThat(this.sent.get(0)).isEqualTo(new Request.Lock(number, "job", 1, HOUR, MINUTE));
		assertThat(answered(() -> held.extend(HOUR), true)).isTrue();
		assertThat(this.sent.get(1)).isEqualTo(new Request.Extend(id(1), "job", number, HOUR, Duration.ZERO));
		assertThat(answered(held::unlock, false)).isFalse();
		assertThat(this.sent.get(2)).isEqualTo(new Request.Unlock(id(2), "job", number));
	}

	@Test
	void semaphoreSaysHowManyMayHoldIt() {
		assertThat(answered(() -> this.cluster.semaphore("job", 3).tryLock(HOUR), true)).isNotNull();
		assertThat(this.sent).containsExactly(new Request.Lock(id(0), "job", 3, HOUR, Duration.ZERO));
		assertThatIllegalArgumentException().isThrownBy(() -> this.cluster.semaphore("job", 0))
			.withMessage("A semaphore has at least 1 permit, not 0");
	}

	@Test
	void lockThatAnotherHoldsIsNotGot() {
		assertThat(answered(() -> this.lock.tryLock(HOUR), false)).isNull();
	}

	@Test
	void lockThatNobodyKnowsWhetherItWasGotIsGivenBack() {
		CompletableFuture<Boolean> interrupted = CompletableFuture.supplyAsync(() -> {
			Thread.currentThread().interrupt();
			assertThatExceptionOfType(PrimaryUnavailableException.class).isThrownBy(() -> this.lock.tryLock(HOUR));
			return Thread.interrupted();
		}, thread());
		assertThat(interrupted).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
		assertThat(this.sent).containsExactly(new Request.Lock(id(0), "job", 1, HOUR, Duration.ZERO),
				new Request.Unlock(id(1), "job", id(0)));
	}

	@Test
	void whatIsNotAllowedIsNotAskedFor() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.cluster.lock(""));
		assertThatIllegalArgumentException().isThrownBy(() -> this.cluster.lock("x".repeat(101)))
			.withMessage("The name of a lock has 1 to 100 characters, not 101");
		assertThatIllegalArgumentException().isThrownBy(() -> this.lock.tryLock(HOUR.negated()));
		assertThatIllegalArgumentException().isThrownBy(() -> this.lock.tryLock(HOUR, HOUR.negated()));
		assertThatIllegalArgumentException().isThrownBy(() -> this.lock.tryLock(MINUTE, HOUR))
			.withMessage("A lock cannot be held for at least PT1H and at most PT1M");
		assertThat(this.sent).isEmpty();
	}

	private <T> T answered(Supplier<T> question, boolean held) {
		int asked = this.sent.size();
		CompletableFuture<T> answer = CompletableFuture.supplyAsync(question, thread());
		Awaitility.await().until(() -> this.sent.size() > asked);
		this.cluster.received(new Reply.Lock(id(asked), held));
		return answer.join();
	}

	private static Executor thread() {
		return (task) -> new Thread(task, "asker").start();
	}

	private long id(int index) {
		return ((Request) this.sent.get(index)).id();
	}

}
