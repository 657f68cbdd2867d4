package io.clusterboot.supervisor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.clusterboot.ClusterState;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.RequestTimes;
import io.clusterboot.ResponseCounts;
import io.clusterboot.WorkerMetrics;
import io.clusterboot.channel.GenerationMetrics;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.RecentMetrics;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.channel.Requester;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what an operator asks the {@link Supervisor}, whatever has become of its
 * workers.
 */
class SupervisorControlTests {

	private static final Requester OPERATOR = new Requester("cli", "user app");

	@Test
	void operatorIsAnsweredBeforeThereIsAWorkerAndWhenAllAreDead() {
		ScriptedCluster starting = new ScriptedCluster(2);
		assertThat(((Reply.Snapshot) ask(starting, new Request.Snapshot(1))).snapshot().state())
			.isEqualTo(ClusterState.STARTING);
		ScriptedCluster dead = ScriptedCluster.up(2);
		dead.exits(1, 137);
		dead.exits(2, 137);
		assertThat(((Reply.Snapshot) ask(dead, new Request.Snapshot(1))).snapshot().target()).isEqualTo(2);
		assertThat(((Reply.Incidents) ask(dead, new Request.Incidents(2))).incidents()).hasSize(2);
	}

	@Test
	void operatorReloadsAndEndsTheCluster() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		Reply.Reload reload = (Reply.Reload) ask(cluster, new Request.Reload(1, OPERATOR, null));
		assertThat(reload.reload().trigger()).isEqualTo("cli");
		assertThat(reload.reload().requester()).isEqualTo("user app");
		assertThat(ask(cluster, new Request.Shutdown(2, OPERATOR))).isEqualTo(new Reply.Shutdown(2));
		assertThat(((Reply.Snapshot) ask(cluster, new Request.Snapshot(3))).snapshot().state())
			.isEqualTo(ClusterState.STOPPING);
		assertThat(ask(cluster, new Request.Reload(4, OPERATOR, null)))
			.isEqualTo(new Reply.Refusal(4, "The cluster is stopping"));
	}

	@Test
	void whatIsRecentGoesBackFiveToTenSeconds() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		assertThat(recent(cluster).window()).isZero();
		for (int second = 1; second <= 30; second++) {
			cluster.says(1, new Message.Heartbeat(metrics(10L * second, 100L * second), 0));
			RecentMetrics recent = recent(cluster);
			long seconds = recent.window().toSeconds();
			assertThat(seconds).isBetween(Math.min(second - 1L, 5), 10L);
			assertThat(recent.responses().successful()).isEqualTo(10 * seconds);
			assertThat(recent.requestTimes().count()).isEqualTo(10 * seconds);
			assertThat(recent.cpuTime()).isEqualTo(Duration.ofMillis(100 * seconds));
			cluster.after(Duration.ofSeconds(1));
		}
	}

	@Test
	void whatIsRecentSaysHowOldItIs() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.says(1, new Message.Heartbeat(metrics(10, 100), 0));
		assertThat(recent(cluster).age()).isZero();
		cluster.after(Duration.ofSeconds(4));
		assertThat(recent(cluster).age()).isEqualTo(Duration.ofSeconds(4));
		cluster.says(1, new Message.Heartbeat(metrics(20, 200), 0));
		assertThat(recent(cluster).age()).isZero();
	}

	@Test
	void reloadThatWaitsIsKnownUntilItBegins() {
		ScriptedCluster cluster = new ScriptedCluster(1);
		cluster.starts();
		assertThat(waiting(cluster)).isNull();
		ask(cluster, new Request.Reload(1, OPERATOR, null));
		assertThat(waiting(cluster)).extracting(ReloadSnapshot::id).isEqualTo(1);
		cluster.ready(1);
		assertThat(cluster.lastReload().id()).isEqualTo(1);
		assertThat(waiting(cluster)).isNull();
		ask(cluster, new Request.Reload(2, OPERATOR, null));
		assertThat(waiting(cluster)).extracting(ReloadSnapshot::id).isEqualTo(2);
	}

	@Test
	void generationsAreRememberedWithAllTheirWorkers() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.says(1, new Message.Heartbeat(metrics(10, 100), 0));
		cluster.after(Duration.ofSeconds(1));
		cluster.says(1, new Message.Heartbeat(metrics(15, 150), 0));
		cluster.says(2, new Message.Heartbeat(metrics(3, 30), 0));
		cluster.exits(2, 137);
		List<GenerationMetrics> generations = ((Reply.Generations) ask(cluster, new Request.Generations(1)))
			.generations();
		assertThat(generations).singleElement().satisfies((generation) -> {
			assertThat(generation.generation()).isEqualTo(1);
			assertThat(generation.starts()).isEqualTo(2);
			assertThat(generation.responses().successful()).isEqualTo(18);
			assertThat(generation.requestTimes().count()).isEqualTo(18);
			assertThat(generation.cpuTime()).isEqualTo(Duration.ofMillis(180));
			assertThat(generation.time()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
			assertThat(generation.residentSet()).isEqualTo(7);
		});
	}

	private static RecentMetrics recent(ScriptedCluster cluster) {
		List<RecentMetrics> workers = ((Reply.Rates) ask(cluster, new Request.Rates(1))).workers();
		assertThat(workers).singleElement().extracting(RecentMetrics::worker).isEqualTo(1);
		return workers.get(0);
	}

	private static @Nullable ReloadSnapshot waiting(ScriptedCluster cluster) {
		return ((Reply.Rates) ask(cluster, new Request.Rates(1))).waiting();
	}

	private static WorkerMetrics metrics(long requests, long cpuMillis) {
		List<Long> counts = new ArrayList<>(RequestTimes.NONE.counts());
		counts.set(0, requests);
		return new WorkerMetrics(0, 0, 7, Duration.ofMillis(cpuMillis), Duration.ZERO, 0, 0, 0, 0,
				new ResponseCounts(0, requests, 0, 0, 0), new RequestTimes(Duration.ZERO, counts));
	}

	private static Reply ask(ScriptedCluster cluster, Request.OfOperator question) {
		List<Reply> replies = cluster.on(new PrimaryEvent.Asked(7, question))
			.stream()
			.filter(PrimaryAction.Answer.class::isInstance)
			.map(PrimaryAction.Answer.class::cast)
			.filter((answer) -> answer.client() == 7)
			.map(PrimaryAction.Answer::reply)
			.toList();
		assertThat(replies).singleElement().extracting(Reply::id).isEqualTo(question.id());
		return replies.get(0);
	}

}
