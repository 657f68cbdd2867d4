package io.clusterboot.lead;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link PeriodicJob}: a job of one hour, and two workers.
 */
class PeriodicJobTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private final ManualScheduler scheduler = new ManualScheduler();

	private final Instant start = this.scheduler.getClock().instant();

	private final List<String> runs = new ArrayList<>();

	private final Worker one = new Worker("one");

	private final Worker two = new Worker("two");

	private Duration work = Duration.ZERO;

	private long token;

	@Test
	void firstRunOfAllIsAsWithoutACluster() {
		PeriodicJob job = job(this.one, true, Duration.ofMinutes(2));
		minutes(1);
		lead(this.one, job);
		minutes(130);
		assertThat(this.runs).containsExactly("one at 2", "one at 62", "one at 122");
	}

	@Test
	void firstRunIsMadeUpForWhenNobodyHasLed() {
		PeriodicJob job = job(this.one, true, Duration.ZERO);
		minutes(5);
		lead(this.one, job);
		minutes(60);
		assertThat(this.runs).containsExactly("one at 5", "one at 60");
	}

	@Test
	void nextLeaderRunsItOnePeriodAfterTheLast() {
		lead(this.one, job(this.one, true, Duration.ZERO));
		minutes(30);
		PeriodicJob next = job(this.two, true, Duration.ZERO);
		minutes(20);
		follow(this.two, next);
		minutes(80);
		assertThat(this.runs).containsExactly("one at 0", "two at 60", "two at 120");
	}

	@Test
	void nextLeaderRunsItOneDelayAfterTheEndOfTheLast() {
		this.work = Duration.ofMinutes(3);
		lead(this.one, job(this.one, false, Duration.ZERO));
		minutes(50);
		follow(this.two, job(this.two, false, Duration.ZERO));
		minutes(80);
		assertThat(this.runs).containsExactly("one at 0", "two at 63", "two at 126");
	}

	@Test
	void whatWasMissedIsMadeUpForOnceAndAtOnce() {
		lead(this.one, job(this.one, true, Duration.ZERO));
		minutes(30);
		resign(this.one);
		minutes(165);
		follow(this.two, job(this.two, true, Duration.ZERO));
		minutes(60);
		assertThat(this.runs).containsExactly("one at 0", "two at 195", "two at 240");
	}

	@Test
	void runThatBeganAndNeverEndedCounts() {
		this.one.leader.jobs().ran("job", this.scheduler.nanos());
		minutes(50);
		follow(this.two, job(this.two, false, Duration.ZERO));
		minutes(9);
		assertThat(this.runs).isEmpty();
		minutes(1);
		assertThat(this.runs).containsExactly("two at 60");
	}

	@Test
	void whoLeadsAgainKnowsWhatHasRunMeanwhile() {
		PeriodicJob first = job(this.one, true, Duration.ZERO);
		PeriodicJob second = job(this.two, true, Duration.ZERO);
		lead(this.one, first);
		minutes(59);
		follow(this.two, second);
		minutes(11);
		follow(this.one, first);
		minutes(49);
		assertThat(this.runs).containsExactly("one at 0", "two at 60");
		minutes(1);
		assertThat(this.runs).containsExactly("one at 0", "two at 60", "one at 120");
	}

	@Test
	void whoDoesNotLeadRunsNothing() {
		PeriodicJob job = job(this.one, true, Duration.ZERO);
		minutes(120);
		lead(this.one, job);
		resign(this.one);
		minutes(120);
		assertThat(this.runs).isEmpty();
	}

	@Test
	void lastRunThatIsToldLateIsMinded() {
		lead(this.two, job(this.two, true, Duration.ofMinutes(1)));
		this.two.leader.hears(new Leading.LastRun("job", this.scheduler.nanos()));
		minutes(59);
		assertThat(this.runs).isEmpty();
		minutes(1);
		assertThat(this.runs).containsExactly("two at 60");
	}

	@Test
	void jobThatTakesLongerThanItsPeriodRunsWithoutAPause() {
		this.work = Duration.ofMinutes(90);
		lead(this.one, job(this.one, true, Duration.ZERO));
		minutes(200);
		assertThat(this.runs).containsExactly("one at 0", "one at 90", "one at 180");
	}

	@Test
	void jobThatFailsRunsAgain() {
		PeriodicJob job = new PeriodicJob(() -> {
			this.runs.add("failed");
			throw new IllegalStateException("failed");
		}, new JobRuns(this.one.leader, "job"), this.scheduler, false, Duration.ZERO, HOUR, this.scheduler::nanos);
		lead(this.one, job);
		assertThatIllegalStateException().isThrownBy(() -> minutes(0)).withMessage("failed");
		assertThatIllegalStateException().isThrownBy(() -> minutes(60)).withMessage("failed");
		assertThat(this.runs).hasSize(2);
	}

	@Test
	void jobThatIsCancelledRunsNoMore() {
		PeriodicJob job = job(this.one, true, Duration.ZERO);
		lead(this.one, job);
		minutes(10);
		assertThat(job.cancel(false)).isTrue();
		job.await();
		minutes(120);
		assertThat(this.runs).containsExactly("one at 0");
		assertThat(job.isCancelled()).isTrue();
		assertThat(job.isDone()).isTrue();
	}

	@Test
	void jobThatIsNeverToRunAgainDoesNot() {
		PeriodicJob job = new PeriodicJob(() -> this.runs.add("run"), new JobRuns(this.one.leader, "job"),
				this.scheduler, false, Duration.ZERO, Duration.ofMillis(Long.MAX_VALUE), this.scheduler::nanos);
		lead(this.one, job);
		minutes(1000);
		assertThat(this.runs).hasSize(1);
	}

	private PeriodicJob job(Worker worker, boolean atFixedRate, Duration delay) {
		return new PeriodicJob(() -> {
			this.runs.add(worker.name + " at " + this.scheduler.since(this.start).toMinutes());
			this.scheduler.busy(this.work);
		}, new JobRuns(worker.leader, "job"), this.scheduler, atFixedRate, delay, HOUR, this.scheduler::nanos);
	}

	private void minutes(int minutes) {
		Clock clock = this.scheduler.getClock();
		Instant end = this.start.plus(this.scheduler.since(this.start)).plus(Duration.ofMinutes(minutes));
		this.scheduler.pass(Duration.between(clock.instant(), end));
	}

	private void follow(Worker next, PeriodicJob job) {
		Worker before = (next == this.one) ? this.two : this.one;
		if (before.leader.isLeader()) {
			resign(before);
		}
		before.sent.stream()
			.filter(Leading.Ran.class::isInstance)
			.map(Leading.Ran.class::cast)
			.forEach((run) -> next.leader.hears(new Leading.LastRun(run.job(), run.time())));
		lead(next, job);
	}

	private void lead(Worker worker, PeriodicJob job) {
		this.token++;
		worker.token = this.token;
		worker.leader.hears(new Leading.Grant(this.token, false, Duration.ofMinutes(10), Duration.ZERO));
		Awaitility.await().until(worker.leader::isLeader);
		job.await();
	}

	private static void resign(Worker worker) {
		worker.leader.hears(new Leading.Resign(worker.token));
		Awaitility.await().until(() -> worker.sent.contains(new Leading.Resigned(worker.token)));
	}

	/**
	 * A worker, and what it says.
	 */
	private static final class Worker {

		private final String name;

		private final List<Message> sent = new CopyOnWriteArrayList<>();

		private final WorkerLeader leader = new WorkerLeader(this::answer);

		private long token;

		Worker(String name) {
			this.name = name;
		}

		private void answer(Message message) {
			this.sent.add(message);
			if (message instanceof Request.Lease lease) {
				this.leader.hears(new Reply.Lease(lease.id(), true));
			}
		}

	}

}
