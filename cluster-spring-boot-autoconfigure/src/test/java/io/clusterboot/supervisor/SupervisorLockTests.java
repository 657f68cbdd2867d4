package io.clusterboot.supervisor;

import java.time.Duration;

import io.clusterboot.ReloadStrategy;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for locks that the {@link Supervisor} keeps for workers.
 */
class SupervisorLockTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private final ScriptedCluster cluster = ScriptedCluster.up(2);

	@Test
	void workersKeepEachOtherOut() {
		assertThat(locks(1, 5)).isTrue();
		assertThat(locks(2, 5)).isFalse();
		assertThat(held(2, new Request.Unlock(6, "job", 5))).isFalse();
		assertThat(held(1, new Request.Unlock(6, "job", 5))).isTrue();
		assertThat(locks(2, 7)).isTrue();
	}

	@Test
	void lockRunsOutAndIsExtended() {
		assertThat(locks(1, 5)).isTrue();
		this.cluster.after(Duration.ofMinutes(59));
		assertThat(held(1, new Request.Extend(6, "job", 5, HOUR, Duration.ZERO))).isTrue();
		this.cluster.after(Duration.ofMinutes(59));
		assertThat(locks(2, 5)).isFalse();
		this.cluster.after(Duration.ofMinutes(1));
		assertThat(locks(2, 6)).isTrue();
	}

	@Test
	void lockEndsWithTheProcessOfItsWorkerAndNotBefore() {
		assertThat(locks(1, 5)).isTrue();
		this.cluster.on(new PrimaryEvent.ChannelEnded(1, "end"));
		assertThat(locks(2, 5)).as("while it may still do what it got the lock for").isFalse();
		this.cluster.exits(1, 137);
		assertThat(locks(2, 6)).isTrue();
	}

	@Test
	void workerThatDrainsKeepsItsLocks() {
		assertThat(locks(1, 5)).isTrue();
		this.cluster.reload(ReloadStrategy.PARALLEL);
		this.cluster.ready(3);
		this.cluster.ready(4);
		assertThat(locks(3, 5)).isFalse();
		this.cluster.says(1, new Message.GateClosed());
		this.cluster.says(1, new Message.Drained(0));
		assertThat(locks(3, 6)).isFalse();
		assertThat(held(1, new Request.Unlock(6, "job", 5))).isTrue();
		assertThat(locks(3, 7)).isTrue();
	}

	@Test
	void semaphoreIsHeldByAsManyAsItHasPermitsAndEndsWithTheProcess() {
		assertThat(held(1, new Request.Lock(5, "job", 2, HOUR, Duration.ZERO))).isTrue();
		assertThat(held(1, new Request.Lock(6, "job", 2, HOUR, Duration.ZERO))).isTrue();
		assertThat(held(2, new Request.Lock(5, "job", 2, HOUR, Duration.ZERO))).isFalse();
		this.cluster.exits(1, 137);
		assertThat(held(2, new Request.Lock(6, "job", 2, HOUR, Duration.ZERO))).isTrue();
		assertThat(held(2, new Request.Lock(7, "job", 2, HOUR, Duration.ZERO))).isTrue();
		assertThat(held(2, new Request.Lock(8, "job", 2, HOUR, Duration.ZERO))).isFalse();
	}

	@Test
	void semaphoreWithoutPermitsIsRefused() {
		for (int permits : new int[] { 0, -1, Integer.MIN_VALUE }) {
			assertThat(this.cluster.says(1, new Request.Lock(7, "job", permits, HOUR, Duration.ZERO)))
				.contains(new PrimaryAction.Send(1, new Reply.Refusal(7, "There is no room for one more lock")));
		}
	}

	@Test
	void locksHaveNoMoreRoomThanTheyMay() {
		for (int i = 0; i < 10_000; i++) {
			assertThat(held(1, new Request.Lock(i, "lock " + i, 1, HOUR, Duration.ZERO))).isTrue();
		}
		assertThat(this.cluster.says(2, new Request.Lock(7, "one more", 1, HOUR, Duration.ZERO)))
			.contains(new PrimaryAction.Send(2, new Reply.Refusal(7, "There is no room for one more lock")));
		this.cluster.exits(1, 137);
		assertThat(held(2, new Request.Lock(8, "one more", 1, HOUR, Duration.ZERO))).isTrue();
	}

	@Test
	void nameThatNoWorkerWouldSendHasNoLock() {
		assertThat(this.cluster.says(1, new Request.Lock(7, "x".repeat(101), 1, HOUR, Duration.ZERO)))
			.contains(new PrimaryAction.Send(1, new Reply.Refusal(7, "There is no room for one more lock")));
	}

	private boolean locks(int worker, long id) {
		return held(worker, new Request.Lock(id, "job", 1, HOUR, Duration.ZERO));
	}

	private boolean held(int worker, Request request) {
		return this.cluster.says(worker, request)
			.stream()
			.filter(PrimaryAction.Send.class::isInstance)
			.map((action) -> ((PrimaryAction.Send) action).message())
			.filter(Reply.Lock.class::isInstance)
			.map((reply) -> ((Reply.Lock) reply).held())
			.findFirst()
			.orElseThrow();
	}

}
