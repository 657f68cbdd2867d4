package io.clusterboot.redis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.lead.WorkerLeader;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BusLeadership}, of two workers of one machine.
 */
@Timeout(60)
class BusLeadershipTests {

	@TempDir
	private Path directory;

	private RedisServer redis;

	private LettuceConnectionFactory connections;

	@BeforeEach
	void start() throws Exception {
		this.redis = new RedisServer(this.directory).start();
		this.redis.tell("SET cluster:{shop}:leader:token 0");
		this.connections = new LettuceConnectionFactory("127.0.0.1", this.redis.port());
		this.connections.afterPropertiesSet();
		this.connections.start();
	}

	@AfterEach
	void stop() throws Exception {
		if (this.connections != null) {
			this.connections.destroy();
			this.redis.close();
		}
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
	}

	@Test
	void whoStandsForTheMachineNoLongerLeadsUntilItsWorkHasEnded() throws Exception {
		Candidate one = new Candidate(1);
		Candidate two = new Candidate(2);
		try (RedisBus first = one.bus; RedisBus second = two.bus) {
			first.connect(this.connections);
			second.connect(this.connections);
			one.grant(1);
			await().until(() -> first.leader().isLeader());
			long token = first.leader().token().orElseThrow();
			CountDownLatch begun = new CountDownLatch(1);
			CountDownLatch ends = new CountDownLatch(1);
			CompletableFuture<Boolean> work = CompletableFuture.supplyAsync(() -> first.leader().run((number) -> {
				begun.countDown();
				try {
					ends.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}));
			begun.await();
			one.leader.hears(new Leading.Resign(1));
			await().until(() -> !first.leader().isLeader());
			assertThat(one.resigned).isEmpty();
			ends.countDown();
			assertThat(work.join()).isTrue();
			await().until(() -> one.resigned.equals(List.of(1L)));
			two.grant(2);
			await().until(() -> second.leader().isLeader());
			assertThat(second.leader().token().orElseThrow()).isGreaterThan(token);
			assertThat(first.leader().isLeader()).isFalse();
		}
	}

	@Test
	void whatRanIsKnownToWhoLeadsNext() throws Exception {
		BusKeys keys = BusKeys.of("cluster", "shop");
		try (BusClient client = new BusClient(BusConnections.like(this.connections))) {
			long now = System.nanoTime();
			new JobTimes(keys, client).ran("periodic some.Job.run 1", now - Duration.ofSeconds(10).toNanos());
			new JobTimes(keys, client).ran("cron some.Job.tick 1", 1234);
			new JobTimes(keys, client).ran("ome.Job.cut 1", 5);
			new JobTimes(keys, client).forEach((job, time) -> {
				if (job.equals("periodic some.Job.run 1")) {
					assertThat(Duration.ofNanos(now - time)).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(11));
				}
				else {
					assertThat(job).isEqualTo("cron some.Job.tick 1");
					assertThat(time).isEqualTo(1234);
				}
			});
			Long jobs = client.ask((connection) -> connection.hashCommands().hLen(keys.jobs()));
			assertThat(jobs).isEqualTo(2);
		}
	}

	/**
	 * A worker that stands for its machine as long as it is said to.
	 */
	private static final class Candidate {

		private final List<Long> resigned = new CopyOnWriteArrayList<>();

		private final WorkerLeader leader = new WorkerLeader(this::hears);

		private final RedisBus bus;

		Candidate(int id) {
			this.bus = new RedisBus(new BusSettings("shop", "machine", "cluster", Duration.ofSeconds(30)), () -> id,
					this.leader, (mail) -> {
					}, (event) -> {
					});
		}

		void grant(long token) {
			this.leader.hears(new Leading.Grant(token, true, Duration.ofSeconds(5), Duration.ofSeconds(30)));
		}

		private void hears(Message message) {
			if (message instanceof Request.Lease lease) {
				this.leader.hears(new Reply.Lease(lease.id(), true));
			}
			else if (message instanceof Leading.Resigned said) {
				this.resigned.add(said.token());
			}
		}

	}

}
