package io.clusterboot.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.clusterboot.ReloadStrategy;
import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.contract.PrimaryAction;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for who leads.
 */
class SupervisorLeadershipTests {

	private static final long BASE = Instant.parse("2026-11-20T10:00:00Z").toEpochMilli();

	private static final Duration LEASE = Duration.ofSeconds(5);

	private final ScriptedCluster cluster = ScriptedCluster.up(2);

	@Test
	void firstThatServesLeadsByATokenOfTheStart() {
		assertThat(this.cluster.leading()).containsExactly(grant(1, BASE + 1, true));
		assertThat(this.cluster.log()).contains("worker=1 slot=0 gen=1 pid=1001 leads: token " + (BASE + 1));
	}

	@Test
	void leaderThatAsksInTimeLeadsOn() {
		this.cluster.leading();
		for (int second = 0; second < 20; second++) {
			this.cluster.after(Duration.ofSeconds(1));
			assertThat(ask(1, 1)).containsExactly(answer(1, true));
		}
	}

	@Test
	void nobodyElseGetsALease() {
		this.cluster.leading();
		assertThat(ask(2, 1)).containsExactly(answer(2, false));
		assertThat(ask(1, 2)).containsExactly(answer(1, false));
	}

	@Test
	void nextLeadsWhenTheLeaderIsGone() {
		this.cluster.leading();
		ask(1, 1);
		this.cluster.exits(1, 137);
		assertThat(this.cluster.leading()).containsExactly(grant(2, BASE + 2, false));
		assertThat(this.cluster.log()).containsSubsequence(
				"worker=1 slot=0 gen=1 pid=1001 leads no longer: token %d, it is gone".formatted(BASE + 1),
				"worker=2 slot=1 gen=1 pid=1002 leads: token " + (BASE + 2));
	}

	@Test
	void nextLeadsNoEarlierThanTheLastLeaseIsOver() {
		this.cluster.leading();
		this.cluster.after(Duration.ofSeconds(3));
		ask(1, 1);
		this.cluster.after(LEASE.minusMillis(1));
		assertThat(this.cluster.leading()).isEmpty();
		this.cluster.after(Duration.ofMillis(1));
		assertThat(this.cluster.leading()).containsExactly(grant(2, BASE + 2, false));
		assertThat(ask(1, 1)).containsExactly(answer(1, false));
		assertThat(this.cluster.log())
			.contains("worker=1 slot=0 gen=1 pid=1001 leads no longer: token %d, it has asked for no lease for 5 s"
				.formatted(BASE + 1));
	}

	@Test
	void whoHasSaidNothingSinceItLedDoesNotLeadAgain() {
		this.cluster.after(LEASE.multipliedBy(10));
		this.cluster.leading();
		this.cluster.says(2, Beats.of(Duration.ZERO));
		assertThat(this.cluster.leading()).containsExactly(grant(2, BASE + 3, true));
	}

	@Test
	void leaderThatResignsIsFollowedByAnotherAtOnce() {
		this.cluster.leading();
		this.cluster.says(1, new Leading.Resigned(BASE + 1));
		assertThat(this.cluster.leading()).containsExactly(grant(2, BASE + 2, true));
		this.cluster.says(2, new Leading.Resigned(BASE + 1));
		this.cluster.says(1, new Leading.Resigned(BASE + 2));
		assertThat(this.cluster.leading()).isEmpty();
		this.cluster.says(2, new Leading.Resigned(BASE + 2));
		assertThat(this.cluster.leading()).containsExactly(grant(1, BASE + 3, true));
	}

	@Test
	void leaderThatResignsLeadsAgainWhereNobodyElseCan() {
		this.cluster.leading();
		this.cluster.accepts(2, false);
		this.cluster.says(1, new Leading.Resigned(BASE + 1));
		assertThat(this.cluster.leading()).containsExactly(grant(1, BASE + 2, true));
	}

	@Test
	void leaderThatDrainsLeadsUntilItHasResigned() {
		this.cluster.leading();
		ask(1, 1);
		this.cluster.says(1, new Message.GateClosed());
		this.cluster.after(Duration.ofSeconds(4));
		assertThat(ask(1, 1)).containsExactly(answer(1, true));
		this.cluster.says(1, new Leading.Resigned(BASE + 1));
		assertThat(this.cluster.leading()).containsExactly(grant(2, BASE + 2, false));
		assertThat(this.cluster.log())
			.contains("worker=1 slot=0 gen=1 pid=1001 leads no longer: token %d, it ends".formatted(BASE + 1));
	}

	@Test
	void leaderThatIsParkedIsToldToResignAndTheNewGenerationLeads() {
		ScriptedCluster watched = ScriptedCluster.up(Configurations.of(2, "cluster.reload.soak", "PT10S"));
		watched.says(1, new Request.Lease(9, BASE + 1));
		watched.leading();
		watched.reload(ReloadStrategy.ROLLING);
		watched.ready(3);
		assertThat(watched.leading()).containsExactly(resign(1, BASE + 1));
		watched.says(1, new Leading.Resigned(BASE + 1));
		assertThat(watched.leading()).containsExactly(grant(3, BASE + 2, true));
	}

	@Test
	void leaderThatRefusesTrafficForAMomentLeadsOn() {
		this.cluster.leading();
		this.cluster.accepts(1, false);
		this.cluster.after(Duration.ofMillis(4999));
		ask(1, 1);
		this.cluster.accepts(1, true);
		this.cluster.after(Duration.ofMillis(4000));
		assertThat(this.cluster.leading()).isEmpty();
	}

	@Test
	void leaderThatRefusesTrafficForLongerIsToldToResignOnce() {
		this.cluster.leading();
		this.cluster.accepts(1, false);
		for (int second = 0; second < 10; second++) {
			ask(1, 1);
			this.cluster.after(Duration.ofSeconds(1));
		}
		assertThat(this.cluster.leading()).containsExactly(resign(1, BASE + 1));
		this.cluster.says(1, new Leading.Resigned(BASE + 1));
		assertThat(this.cluster.leading()).containsExactly(grant(2, BASE + 2, false));
		assertThat(this.cluster.log()).contains(
				"worker=1 slot=0 gen=1 pid=1001 leads no longer: token %d, it does not serve".formatted(BASE + 1));
	}

	@Test
	void leaderThatRefusesTrafficLeadsOnWhereNobodyElseCould() {
		this.cluster.leading();
		this.cluster.accepts(1, false);
		this.cluster.accepts(2, false);
		for (int second = 0; second < 10; second++) {
			ask(1, 1);
			this.cluster.after(Duration.ofSeconds(1));
		}
		assertThat(this.cluster.leading()).isEmpty();
	}

	@Test
	void leaderThatDoesNotResignInTimeGetsNoMoreLeases() {
		this.cluster.leading();
		this.cluster.accepts(1, false);
		for (int second = 0; second < 40; second++) {
			assertThat(ask(1, 1)).containsExactly(answer(1, true));
			this.cluster.after(Duration.ofSeconds(1));
		}
		assertThat(ask(1, 1)).containsExactly(answer(1, false));
		this.cluster.after(LEASE);
		assertThat(this.cluster.leading()).containsExactly(resign(1, BASE + 1), grant(2, BASE + 2, false));
	}

	@Test
	void nobodyNewLeadsWhenTheClusterStops() {
		ask(1, 1);
		this.cluster.terminate();
		this.cluster.leading();
		assertThat(ask(1, 1)).containsExactly(answer(1, true));
		this.cluster.says(1, new Leading.Resigned(BASE + 1));
		assertThat(this.cluster.leading()).isEmpty();
	}

	@Test
	void lastRunsOfJobsGoWithTheLeadership() {
		this.cluster.leading();
		this.cluster.says(1, new Leading.Ran("report", 100));
		this.cluster.says(1, new Leading.Ran("clean", 200));
		this.cluster.says(1, new Leading.Ran("report", 300));
		this.cluster.says(1, new Leading.Ran("report", 250));
		assertThat(this.cluster.leading()).isEmpty();
		this.cluster.exits(1, 137);
		assertThat(this.cluster.leading()).containsExactly(lastRun(2, "clean", 200), lastRun(2, "report", 300),
				grant(2, BASE + 2, true));
	}

	@Test
	void lastRunThatIsHeardLateIsToldToWhoLeadsNow() {
		this.cluster.after(LEASE);
		this.cluster.leading();
		this.cluster.says(1, new Leading.Ran("report", 100));
		assertThat(this.cluster.leading()).containsExactly(lastRun(2, "report", 100));
		this.cluster.says(2, new Leading.Ran("report", 200));
		this.cluster.says(1, new Leading.Ran("report", 150));
		assertThat(this.cluster.leading()).isEmpty();
	}

	private static PrimaryAction lastRun(int worker, String job, long time) {
		return new PrimaryAction.Send(worker, new Leading.LastRun(job, time));
	}

	private List<PrimaryAction> ask(int worker, int token) {
		return this.cluster.says(worker, new Request.Lease(9, BASE + token));
	}

	private static PrimaryAction grant(int worker, long token, boolean first) {
		return new PrimaryAction.Send(worker, new Leading.Grant(token, first, LEASE, ScriptedCluster.DRAIN_TIMEOUT));
	}

	private static PrimaryAction resign(int worker, long token) {
		return new PrimaryAction.Send(worker, new Leading.Resign(token));
	}

	private static PrimaryAction answer(int worker, boolean granted) {
		return new PrimaryAction.Send(worker, new Reply.Lease(9, granted));
	}

}
