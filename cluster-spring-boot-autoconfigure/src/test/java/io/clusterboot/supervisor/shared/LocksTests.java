package io.clusterboot.supervisor.shared;

import java.time.Duration;
import java.time.Instant;

import io.clusterboot.supervisor.shared.Locks.Holder;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Locks}.
 */
class LocksTests {

	private static final Holder ONE = new Holder(1, 1);

	private static final Holder OTHER = new Holder(2, 1);

	private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

	private final Locks locks = new Locks();

	private Instant now = Instant.parse("2026-11-20T10:00:00Z");

	@Test
	void lockIsHeldByOneAtATime() {
		assertThat(lock("job", ONE, 10, 0)).isTrue();
		assertThat(lock("job", OTHER, 10, 0)).isFalse();
		assertThat(lock("job", ONE, 10, 0)).isFalse();
		assertThat(unlock("job", OTHER)).isFalse();
		assertThat(lock("job", OTHER, 10, 0)).isFalse();
		assertThat(unlock("job", ONE)).isTrue();
		assertThat(lock("job", OTHER, 10, 0)).isTrue();
	}

	@Test
	void locksOfDifferentNamesAreIndependent() {
		assertThat(lock("job", ONE, 10, 0)).isTrue();
		assertThat(lock("another", OTHER, 10, 0)).isTrue();
		assertThat(unlock("another", OTHER)).isTrue();
		assertThat(lock("job", OTHER, 10, 0)).isFalse();
	}

	@Test
	void lockThatIsNotUnlockedRunsOut() {
		assertThat(lock("job", ONE, 10, 0)).isTrue();
		after(9);
		assertThat(lock("job", OTHER, 10, 0)).isFalse();
		after(1);
		assertThat(lock("job", OTHER, 10, 0)).isTrue();
		assertThat(unlock("job", ONE)).as("what belongs to another").isFalse();
		assertThat(extend("job", ONE, 10, 0)).as("what belongs to another").isFalse();
		assertThat(lock("job", ONE, 10, 0)).isFalse();
	}

	@Test
	void lockThatRanOutCannotBeExtendedOrUnlocked() {
		assertThat(lock("job", ONE, 10, 0)).isTrue();
		after(10);
		assertThat(extend("job", ONE, 10, 0)).isFalse();
		assertThat(unlock("job", ONE)).isFalse();
		assertThat(lock("job", OTHER, 10, 0)).isTrue();
	}

	@Test
	void workerThatLostALockAndGotItAgainCanOnlyUnlockItAgain() {
		Holder again = new Holder(1, 2);
		assertThat(lock("job", ONE, 10, 0)).isTrue();
		after(10);
		assertThat(lock("job", again, 10, 0)).isTrue();
		assertThat(unlock("job", ONE)).isFalse();
		assertThat(unlock("job", again)).isTrue();
	}

	@Test
	void lockThatIsUnlockedEarlyKeepsOthersOut() {
		assertThat(lock("job", ONE, 10, 5)).isTrue();
		after(1);
		assertThat(unlock("job", ONE)).isTrue();
		assertThat(unlock("job", ONE)).isFalse();
		assertThat(extend("job", ONE, 10, 0)).isFalse();
		after(3);
		assertThat(lock("job", OTHER, 10, 0)).isFalse();
		after(1);
		assertThat(lock("job", OTHER, 10, 0)).isTrue();
	}

	@Test
	void lockThatIsUnlockedLateIsFreeAtOnce() {
		assertThat(lock("job", ONE, 10, 5)).isTrue();
		after(6);
		assertThat(unlock("job", ONE)).isTrue();
		assertThat(lock("job", OTHER, 10, 0)).isTrue();
	}

	@Test
	void extensionBeginsWhenItIsAskedFor() {
		assertThat(lock("job", ONE, 10, 0)).isTrue();
		after(9);
		assertThat(extend("job", ONE, 10, 5)).isTrue();
		after(9);
		assertThat(lock("job", OTHER, 10, 0)).isFalse();
		assertThat(extend("job", ONE, 10, 5)).isTrue();
		assertThat(unlock("job", ONE)).isTrue();
		after(4);
		assertThat(lock("job", OTHER, 10, 0)).isFalse();
		after(1);
		assertThat(lock("job", OTHER, 10, 0)).isTrue();
	}

	@Test
	void lockEndsWithItsWorker() {
		assertThat(lock("job", ONE, 10, 0)).isTrue();
		assertThat(lock("another", OTHER, 10, 0)).isTrue();
		this.locks.ended(1);
		assertThat(lock("job", OTHER, 10, 0)).isTrue();
		assertThat(lock("another", new Holder(3, 1), 10, 0)).isFalse();
	}

	@Test
	void lockOfADeadWorkerKeepsOthersOutAsLongAsItHadToAnyway() {
		assertThat(lock("job", ONE, 10, 5)).isTrue();
		this.locks.ended(1);
		after(4);
		assertThat(lock("job", OTHER, 10, 0)).isFalse();
		after(1);
		assertThat(lock("job", OTHER, 10, 0)).isTrue();
	}

	@Test
	void semaphoreIsHeldByAsManyAsItHasPermits() {
		Holder third = new Holder(1, 2);
		assertThat(lock("job", 2, ONE)).isTrue();
		assertThat(lock("job", 2, OTHER)).isTrue();
		assertThat(lock("job", 2, third)).isFalse();
		assertThat(unlock("job", third)).isFalse();
		assertThat(unlock("job", ONE)).isTrue();
		assertThat(lock("job", 2, third)).isTrue();
		assertThat(extend("job", OTHER, 20, 0)).isTrue();
		after(10);
		assertThat(lock("job", 2, ONE)).as("instead of what has run out").isTrue();
		assertThat(lock("job", 2, third)).as("beside what was extended").isFalse();
	}

	@Test
	void whoeverNamesFewerPermitsGetsNoneWhereMoreAreHeld() {
		assertThat(lock("job", 3, ONE)).isTrue();
		assertThat(lock("job", 3, OTHER)).isTrue();
		assertThat(lock("job", 1, new Holder(3, 1))).isFalse();
		assertThat(lock("job", 2, new Holder(3, 1))).isFalse();
		assertThat(lock("job", 3, new Holder(3, 1))).isTrue();
		assertThat(unlock("job", ONE)).isTrue();
		assertThat(unlock("job", OTHER)).isTrue();
		assertThat(lock("job", 1, ONE)).isFalse();
		assertThat(lock("job", 2, ONE)).isTrue();
	}

	@Test
	void permitsEndWithTheirWorkerAndNoOthers() {
		assertThat(lock("job", 2, ONE)).isTrue();
		assertThat(lock("job", 2, OTHER)).isTrue();
		this.locks.ended(1);
		assertThat(lock("job", 2, new Holder(3, 1))).isTrue();
		assertThat(unlock("job", OTHER)).isTrue();
	}

	@Test
	void permitsTakeTheRoomOfLocks() {
		for (int i = 0; i < 10_000; i++) {
			assertThat(this.locks.hasRoom("job", 20_000, this.now)).isTrue();
			assertThat(lock("job", 20_000, new Holder(1, i))).isTrue();
		}
		assertThat(this.locks.hasRoom("job", 20_000, this.now)).isFalse();
		assertThat(this.locks.hasRoom("job", 5, this.now)).as("it is not to be had anyway").isTrue();
		assertThat(lock("job", 5, OTHER)).isFalse();
		this.locks.ended(1);
		assertThat(this.locks.hasRoom("job", 20_000, this.now)).isTrue();
	}

	@Test
	void semaphoreWithoutPermitsIsNotAllowed() {
		assertThat(this.locks.hasRoom("job", 0, this.now)).isFalse();
		assertThat(this.locks.hasRoom("job", -1, this.now)).isFalse();
	}

	private boolean lock(String name, int permits, Holder holder) {
		return this.locks.lock(name, permits, holder, Duration.ofSeconds(10), Duration.ZERO, this.now);
	}

	@Test
	void noDurationIsTooLong() {
		assertThat(this.locks.lock("job", 1, ONE, FOREVER, FOREVER, this.now)).isTrue();
		assertThat(this.locks.extend("job", ONE, FOREVER.negated(), FOREVER.negated(), this.now)).isTrue();
		assertThat(lock("job", OTHER, 10, 0)).isTrue();
	}

	@Test
	void thereIsNoMoreRoomThanThereMayBe() {
		for (int i = 0; i < 10_000; i++) {
			assertThat(this.locks.hasRoom("lock " + i, 1, this.now)).isTrue();
			assertThat(lock("lock " + i, ONE, 10, 5)).isTrue();
		}
		assertThat(this.locks.hasRoom("one more", 1, this.now)).isFalse();
		assertThat(this.locks.hasRoom("lock 17", 1, this.now)).isTrue();
		this.locks.ended(1);
		assertThat(this.locks.hasRoom("one more", 1, this.now)).isFalse();
		after(5);
		assertThat(this.locks.hasRoom("one more", 1, this.now)).isTrue();
	}

	@Test
	void nameThatNoWorkerWouldSendHasNoLock() {
		assertThat(this.locks.hasRoom("x".repeat(100), 1, this.now)).isTrue();
		assertThat(this.locks.hasRoom("x".repeat(101), 1, this.now)).isFalse();
		assertThat(this.locks.hasRoom("", 1, this.now)).isFalse();
	}

	private boolean lock(String name, Holder holder, int atMost, int atLeast) {
		return this.locks.lock(name, 1, holder, Duration.ofSeconds(atMost), Duration.ofSeconds(atLeast), this.now);
	}

	private boolean extend(String name, Holder holder, int atMost, int atLeast) {
		return this.locks.extend(name, holder, Duration.ofSeconds(atMost), Duration.ofSeconds(atLeast), this.now);
	}

	private boolean unlock(String name, Holder holder) {
		return this.locks.unlock(name, holder, this.now);
	}

	private void after(int seconds) {
		this.now = this.now.plusSeconds(seconds);
	}

}
