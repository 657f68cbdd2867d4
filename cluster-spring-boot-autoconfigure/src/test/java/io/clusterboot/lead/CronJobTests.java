package io.clusterboot.lead;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.support.CronTrigger;
import org.springframework.scheduling.support.SimpleTriggerContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CronJob}, every hour.
 */
class CronJobTests {

	private static final Trigger HOURLY = new CronTrigger("0 0 * * * *", ZoneOffset.UTC);

	private final List<Message> sent = new CopyOnWriteArrayList<>();

	private final WorkerLeader leader = new WorkerLeader(this::answer);

	private final List<Instant> runs = new ArrayList<>();

	private final Clock clock = Mockito.mock();

	private final SimpleTriggerContext context = new SimpleTriggerContext(this.clock);

	private final CronJob job = new CronJob(() -> this.runs.add(this.clock.instant()), new JobRuns(this.leader, "job"),
			HOURLY, this.clock);

	@BeforeEach
	void begin() {
		at("10:30:00.000");
		assertThat(next()).isEqualTo(time("11:00:00.000"));
	}

	@Test
	void runsOnTheLeaderOnly() {
		at("11:00:00.001");
		this.job.run();
		assertThat(this.runs).isEmpty();
		lead();
		this.job.run();
		assertThat(this.runs).hasSize(1);
		assertThat(this.sent).contains(new Leading.Ran("job", time("11:00:00.000").toEpochMilli()));
	}

	@Test
	void doesNotRunAtAnInstantAtWhichItHasRunElsewhere() {
		this.leader.hears(new Leading.LastRun("job", time("11:00:00.000").toEpochMilli()));
		lead();
		at("11:00:00.300");
		this.job.run();
		assertThat(this.runs).isEmpty();
		assertThat(next()).isEqualTo(time("12:00:00.000"));
		at("12:00:00.000");
		this.job.run();
		assertThat(this.runs).hasSize(1);
	}

	@Test
	void runsIfItIsALittleEarly() {
		this.leader.hears(new Leading.LastRun("job", time("10:00:00.000").toEpochMilli()));
		lead();
		at("10:59:59.999");
		this.job.run();
		assertThat(this.runs).hasSize(1);
	}

	@Test
	void runsIfTheNextInstantIsKnownAlready() {
		lead();
		at("11:00:00.000");
		next();
		at("11:00:00.010");
		this.job.run();
		assertThat(this.runs).hasSize(1);
		at("12:00:00.000");
		this.job.run();
		assertThat(this.runs).hasSize(2);
	}

	private Instant next() {
		Instant next = this.job.nextExecution(this.context);
		this.context.update(next, next, next);
		return next;
	}

	private void at(String time) {
		BDDMockito.given(this.clock.instant()).willReturn(time(time));
	}

	private static Instant time(String time) {
		return Instant.parse("2026-11-20T" + time + "Z");
	}

	private void lead() {
		this.leader.hears(new Leading.Grant(7, false, Duration.ofMinutes(10), Duration.ZERO));
		Awaitility.await().until(this.leader::isLeader);
	}

	private void answer(Message message) {
		this.sent.add(message);
		if (message instanceof Request.Lease lease) {
			this.leader.hears(new Reply.Lease(lease.id(), true));
		}
	}

}
