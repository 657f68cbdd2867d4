package io.clusterboot.shedlock;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.clusterboot.Cluster;
import io.clusterboot.ClusterLock;
import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.supervisor.shared.SharedState;
import io.clusterboot.worker.AnsweredClusters;
import net.javacrumbs.shedlock.core.DefaultLockingTaskExecutor;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.core.LockingTaskExecutor;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.provider.jdbctemplate.JdbcTemplateLockProvider;
import net.javacrumbs.shedlock.support.LockException;
import org.awaitility.Awaitility;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link ClusterLockProvider}: what ShedLock's users know from a database is
 * the same here.
 */
class ClusterLockProviderTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private static final Duration SHORT = Duration.ofMillis(300);

	private static final int THREADS = 6;

	private static final int RUNS = 25;

	@ParameterizedTest
	@EnumSource
	void lockIsHeldByOneAtATime(Keeper keeper) {
		List<LockProvider> workers = keeper.twoWorkers();
		SimpleLock held = got(workers.get(0), "job", HOUR, Duration.ZERO);
		assertThat(workers).allSatisfy((worker) -> assertRefused(worker, "job"));
		held.unlock();
		got(workers.get(1), "job", HOUR, Duration.ZERO);
		assertThat(workers).allSatisfy((worker) -> assertRefused(worker, "job"));
	}

	@ParameterizedTest
	@EnumSource
	void locksOfDifferentNamesAreIndependent(Keeper keeper) {
		List<LockProvider> workers = keeper.twoWorkers();
		SimpleLock one = got(workers.get(0), "job", HOUR, Duration.ZERO);
		SimpleLock other = got(workers.get(1), "another", HOUR, Duration.ZERO);
		one.unlock();
		assertRefused(workers.get(0), "another");
		other.unlock();
		got(workers.get(0), "another", HOUR, Duration.ZERO);
	}

	@ParameterizedTest
	@EnumSource
	void lockIsGotAgainAndAgain(Keeper keeper) {
		List<LockProvider> workers = keeper.twoWorkers();
		for (int i = 0; i < 10; i++) {
			SimpleLock held = got(workers.get(i % 2), "job", HOUR, Duration.ZERO);
			assertRefused(workers.get(1 - i % 2), "job");
			held.unlock();
		}
	}

	@ParameterizedTest
	@EnumSource
	void lockThatIsNotUnlockedRunsOut(Keeper keeper) {
		List<LockProvider> workers = keeper.twoWorkers();
		Instant before = Instant.now();
		SimpleLock lost = got(workers.get(0), "job", SHORT, Duration.ZERO);
		SimpleLock next = awaited(workers.get(1), "job");
		assertPassed(before, SHORT);
		lost.unlock();
		assertRefused(workers.get(0), "job");
		next.unlock();
		got(workers.get(0), "job", HOUR, Duration.ZERO);
	}

	@ParameterizedTest
	@EnumSource
	void lockThatIsUnlockedEarlyKeepsOthersOut(Keeper keeper) {
		List<LockProvider> workers = keeper.twoWorkers();
		Instant before = Instant.now();
		got(workers.get(0), "job", HOUR, SHORT).unlock();
		assertThat(workers).allSatisfy((worker) -> assertRefused(worker, "job"));
		awaited(workers.get(1), "job");
		assertPassed(before, SHORT);
	}

	@ParameterizedTest
	@EnumSource
	void lockIsExtended(Keeper keeper) {
		List<LockProvider> workers = keeper.twoWorkers();
		SimpleLock held = got(workers.get(0), "job", SHORT, Duration.ZERO);
		Optional<SimpleLock> extended = held.extend(HOUR, Duration.ZERO);
		assertThat(extended).isPresent();
		got(workers.get(0), "clock", SHORT, Duration.ZERO);
		awaited(workers.get(0), "clock");
		assertRefused(workers.get(1), "job");
		assertThatIllegalStateException().isThrownBy(held::unlock);
		assertThatIllegalStateException().isThrownBy(() -> held.extend(HOUR, Duration.ZERO));
		extended.get().extend(HOUR, Duration.ZERO).orElseThrow().unlock();
		got(workers.get(1), "job", HOUR, Duration.ZERO);
	}

	@ParameterizedTest
	@EnumSource
	void lockThatWasExtendedKeepsOthersOutAsLongAsItHasToByThen(Keeper keeper) {
		List<LockProvider> workers = keeper.twoWorkers();
		SimpleLock held = got(workers.get(0), "job", HOUR, Duration.ZERO);
		held.extend(HOUR, HOUR).orElseThrow().unlock();
		assertRefused(workers.get(1), "job");
	}

	@ParameterizedTest
	@EnumSource
	void lockThatIsOverIsNotExtended(Keeper keeper) {
		List<LockProvider> workers = keeper.twoWorkers();
		SimpleLock unlocked = got(workers.get(0), "job", HOUR, Duration.ZERO);
		unlocked.unlock();
		assertThatIllegalStateException().isThrownBy(() -> unlocked.extend(HOUR, Duration.ZERO));
		assertThatIllegalStateException().isThrownBy(unlocked::unlock);
		SimpleLock lost = got(workers.get(0), "job", SHORT, Duration.ZERO);
		awaited(workers.get(1), "job").unlock();
		assertThat(lost.extend(HOUR, Duration.ZERO)).isEmpty();
		got(workers.get(1), "job", HOUR, Duration.ZERO);
	}

	@ParameterizedTest
	@EnumSource
	void noTwoThreadsOfAnyWorkerDoTheSame(Keeper keeper) {
		List<LockProvider> workers = keeper.twoWorkers();
		AtomicInteger inside = new AtomicInteger();
		List<CompletableFuture<Void>> threads = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			LockingTaskExecutor executor = new DefaultLockingTaskExecutor(workers.get(i % 2));
			threads.add(CompletableFuture.runAsync(() -> {
				AtomicInteger own = new AtomicInteger();
				while (own.get() < RUNS) {
					executor.executeWithLock((Runnable) () -> {
						assertThat(inside.incrementAndGet()).isEqualTo(1);
						own.incrementAndGet();
						inside.decrementAndGet();
					}, configuration("job", HOUR, Duration.ZERO));
				}
			}, thread()));
		}
		assertThat(threads).allSatisfy((thread) -> assertThat(thread).succeedsWithin(Duration.ofMinutes(1)));
	}

	@Test
	void lockEndsWithItsWorkerHoweverLongItMightHaveBeenHeld() {
		SharedState primary = new SharedState();
		LockProvider dying = new ClusterLockProvider(AnsweredClusters.of(1, primary));
		LockProvider other = new ClusterLockProvider(AnsweredClusters.of(2, primary));
		got(dying, "job", HOUR, Duration.ZERO);
		got(dying, "guarded", HOUR, HOUR);
		primary.ended(1);
		got(other, "job", HOUR, Duration.ZERO);
		assertRefused(other, "guarded");
	}

	@Test
	void timeThatAJobTookToBeScheduledDoesNotCount() {
		LockProvider worker = Keeper.CLUSTER.twoWorkers().get(0);
		assertThat(worker.lock(new LockConfiguration(Instant.now().minusSeconds(7200), "job", HOUR, Duration.ZERO)))
			.isPresent();
		assertRefused(worker, "job");
	}

	@Test
	void whatShedLockAllowsIsAllowed() {
		LockProvider worker = Keeper.CLUSTER.twoWorkers().get(0);
		got(worker, "job", Duration.ZERO, HOUR.negated());
		got(worker, "job", Duration.ofSeconds(Long.MAX_VALUE), Duration.ZERO);
		assertRefused(worker, "job");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> worker.lock(configuration("x".repeat(101), HOUR, Duration.ZERO)));
	}

	@Test
	void primaryThatDoesNotAnswerIsAnErrorOfTheLock() {
		ClusterLock lock = Mockito.mock(ClusterLock.class);
		BDDMockito.given(lock.tryLock(HOUR, Duration.ZERO))
			.willThrow(new PrimaryUnavailableException("The primary did not answer within 5 s", null));
		Cluster cluster = Mockito.mock(Cluster.class);
		BDDMockito.given(cluster.lock("job")).willReturn(lock);
		assertThatExceptionOfType(LockException.class)
			.isThrownBy(() -> new ClusterLockProvider(cluster).lock(configuration("job", HOUR, Duration.ZERO)))
			.withMessage("The primary did not answer within 5 s");
	}

	private static SimpleLock got(LockProvider worker, String name, Duration atMost, Duration atLeast) {
		Optional<SimpleLock> lock = worker.lock(configuration(name, atMost, atLeast));
		assertThat(lock).as(name).isPresent();
		return lock.get();
	}

	private static SimpleLock awaited(LockProvider worker, String name) {
		return Awaitility.await()
			.pollInterval(Duration.ofMillis(10))
			.until(() -> worker.lock(configuration(name, HOUR, Duration.ZERO)), Optional::isPresent)
			.orElseThrow();
	}

	private static void assertRefused(LockProvider worker, String name) {
		assertThat(worker.lock(configuration(name, HOUR, Duration.ZERO))).as(name).isEmpty();
	}

	// A database rounds to milliseconds
	private static void assertPassed(Instant start, Duration least) {
		assertThat(Duration.between(start, Instant.now())).isGreaterThanOrEqualTo(least.minusMillis(5));
	}

	private static LockConfiguration configuration(String name, Duration atMost, Duration atLeast) {
		return new LockConfiguration(Instant.now(), name, atMost, atLeast);
	}

	private static Executor thread() {
		return (task) -> new Thread(task, "worker").start();
	}

	/**
	 * Where the locks are.
	 */
	enum Keeper {

		DATABASE {

			@Override
			List<LockProvider> twoWorkers() {
				JdbcTemplate database = new JdbcTemplate(JdbcConnectionPool
					.create("jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID()), "", ""));
				database
					.execute("CREATE TABLE shedlock (name VARCHAR(64) PRIMARY KEY, lock_until TIMESTAMP(3) NOT NULL, "
							+ "locked_at TIMESTAMP(3) NOT NULL, locked_by VARCHAR(255) NOT NULL)");
				return Stream.of("one", "other")
					.<LockProvider>map(
							(name) -> new JdbcTemplateLockProvider(JdbcTemplateLockProvider.Configuration.builder()
								.withJdbcTemplate(database)
								.withLockedByValue(name)
								.usingDbTime()
								.build()))
					.toList();
			}

		},

		CLUSTER {

			@Override
			List<LockProvider> twoWorkers() {
				SharedState primary = new SharedState();
				return Stream.of(1, 2)
					.<LockProvider>map((id) -> new ClusterLockProvider(AnsweredClusters.of(id, primary)))
					.toList();
			}

		};

		abstract List<LockProvider> twoWorkers();

	}

}
