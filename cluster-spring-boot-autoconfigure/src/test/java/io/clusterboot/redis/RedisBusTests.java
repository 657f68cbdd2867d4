package io.clusterboot.redis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.event.LeaderGranted;
import io.clusterboot.event.LeaderRevoked;
import io.clusterboot.event.MessagesMissed;
import io.clusterboot.redis.ClusterContract.Text;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.stream.StreamRecords;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RedisBus}: several machines, and what befalls Redis.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class RedisBusTests {

	// Of a lease, what Redis keeps it for beyond that, and a beat
	private static final Duration TAKEOVER = Duration.ofSeconds(20);

	@TempDir
	private Path directory;

	private RedisServer redis;

	private final List<RedisMachine> machines = new ArrayList<>();

	@BeforeEach
	void startRedis() throws Exception {
		this.redis = new RedisServer(this.directory);
	}

	@AfterEach
	void stop() throws Exception {
		if (this.redis != null) {
			this.redis.close();
		}
		this.machines.forEach(RedisMachine::close);
	}

	// Else nobody leads at first, as somebody might hold a lease that Redis has forgotten
	private void startAsOneThatIsKnown() throws Exception {
		this.redis.start();
		this.redis.tell("SET cluster:{shop}:leader:token 0");
	}

	private RedisMachine start(int port, String... arguments) {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add("--spring.application.name=shop");
		RedisMachine machine = RedisMachine.start(port, all.toArray(String[]::new));
		this.machines.add(machine);
		return machine;
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(TAKEOVER).pollInterval(Duration.ofMillis(20));
	}

	private static int leaders(List<RedisMachine> machines) {
		return (int) machines.stream().filter((machine) -> machine.cluster().leader().isLeader()).count();
	}

	private RedisMachine leader() {
		await().until(() -> leaders(this.machines), (count) -> count == 1);
		return this.machines.stream()
			.filter((machine) -> machine.cluster().leader().isLeader())
			.findFirst()
			.orElseThrow();
	}

	private RedisMachine other(RedisMachine machine) {
		return this.machines.stream().filter((each) -> each != machine).findFirst().orElseThrow();
	}

	@Test
	void oneMachineLeadsAndAnotherTakesOver() throws Exception {
		startAsOneThatIsKnown();
		start(this.redis.port());
		start(this.redis.port());
		RedisMachine first = leader();
		RedisMachine second = other(first);
		long token = first.cluster().leader().token().orElseThrow();
		assertThat(second.cluster().leader().run((ignored) -> {
		})).isFalse();
		first.close();
		this.machines.remove(first);
		await().until(() -> second.cluster().leader().isLeader());
		long next = second.cluster().leader().token().orElseThrow();
		assertThat(next).isGreaterThan(token);
		await().untilAsserted(() -> assertThat(second.events().leading()).containsExactly(new LeaderGranted(next)));
		RedisMachine third = start(this.redis.port());
		second.crash();
		await().until(() -> third.cluster().leader().isLeader());
		assertThat(second.cluster().leader().isLeader()).isFalse();
		assertThat(third.cluster().leader().token().orElseThrow()).isGreaterThan(next);
	}

	@Test
	void redisThatStopsForAWhileCostsAnErrorAtOnceAndNoRestart() throws Exception {
		startAsOneThatIsKnown();
		start(this.redis.port());
		start(this.redis.port());
		RedisMachine leader = leader();
		RedisMachine other = other(leader);
		other.cluster().counter("visits").add(7);
		AtomicInteger most = new AtomicInteger();
		Thread watch = watchLeaders(most);
		this.redis.pause();
		try {
			assertFailsWithin(Duration.ofSeconds(4), other);
			assertFailsWithin(Duration.ofMillis(200), other);
			assertThatExceptionOfType(PrimaryUnavailableException.class)
				.isThrownBy(() -> other.cluster().lock("any").tryLock(TAKEOVER))
				.withMessageContaining("Redis");
			ClusterContract.assertFails(other.cluster().broadcast(new Text("lost")), "Redis");
			await().until(() -> !leader.cluster().leader().isLeader());
			await().until(() -> !leader.bus().state().confirmed());
		}
		finally {
			this.redis.resume();
		}
		await().until(() -> leader.bus().state().confirmed() && other.bus().state().confirmed());
		assertThat(other.cluster().counter("visits").get()).isEqualTo(7);
		leader.cluster().broadcast(new Text("again")).join();
		assertThat(other.heard().next()).startsWith("again");
		leader();
		watch.interrupt();
		assertThat(most).hasValueLessThanOrEqualTo(1);
		await()
			.untilAsserted(() -> assertThat(leader.events().leading()).hasAtLeastOneElementOfType(LeaderRevoked.class));
	}

	private static void assertFailsWithin(Duration limit, RedisMachine machine) {
		long start = System.nanoTime();
		assertThatExceptionOfType(PrimaryUnavailableException.class)
			.isThrownBy(() -> machine.cluster().counter("visits").get())
			.withMessageContaining("Redis");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(limit);
	}

	private Thread watchLeaders(AtomicInteger most) {
		List<RedisMachine> machines = List.copyOf(this.machines);
		Thread thread = new Thread(() -> {
			while (!Thread.currentThread().isInterrupted()) {
				most.accumulateAndGet(leaders(machines), Math::max);
			}
		});
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	@Test
	void redisThatIsKilledAndStartedAnewIsUsedAgain() throws Exception {
		startAsOneThatIsKnown();
		start(this.redis.port());
		start(this.redis.port());
		RedisMachine leader = leader();
		long token = leader.cluster().leader().token().orElseThrow();
		AtomicInteger most = new AtomicInteger();
		Thread watch = watchLeaders(most);
		this.redis.kill();
		await().until(() -> !leader.bus().state().confirmed());
		this.redis.start();
		await().until(() -> this.machines.stream().allMatch((machine) -> machine.bus().state().confirmed()));
		RedisMachine one = this.machines.get(0);
		RedisMachine two = this.machines.get(1);
		one.cluster().broadcast(new Text("anew")).join();
		assertThat(one.heard().next()).startsWith("anew");
		assertThat(two.heard().next()).startsWith("anew");
		assertThat(one.heard().sender()).isEqualTo(1);
		assertThat(two.heard().sender()).isGreaterThan(1_000_000);
		assertThat(one.cluster().counter("visits").addAndGet(1)).isOne();
		long next = leader().cluster().leader().token().orElseThrow();
		assertThat(next).isGreaterThanOrEqualTo(token);
		watch.interrupt();
		assertThat(most).hasValueLessThanOrEqualTo(1);
	}

	@Test
	void applicationThatStartsWithoutRedisServesAndJoinsLater() throws Exception {
		RedisMachine machine = start(this.redis.port());
		assertThat(machine.cluster().id()).isOne();
		assertFailsWithin(Duration.ofSeconds(1), machine);
		ClusterContract.assertFails(machine.cluster().broadcast(new Text("lost")), "Redis");
		this.redis.start();
		await().until(() -> machine.bus().state().confirmed());
		machine.cluster().broadcast(new Text("there")).join();
		assertThat(machine.heard().next()).isEqualTo("there from 1 on null");
	}

	@Test
	void connectionThatGoesSilentIsReplaced() throws Exception {
		this.redis.start();
		try (SilentProxy proxy = new SilentProxy(this.redis.port())) {
			RedisMachine machine = start(proxy.port());
			await().until(() -> machine.bus().state().confirmed());
			int before = proxy.connections();
			proxy.silence();
			RedisMachine other = start(this.redis.port());
			other.cluster().broadcast(new Text("in between")).join();
			await().until(() -> proxy.connections() > before && machine.bus().state().confirmed());
			other.cluster().broadcast(new Text("after")).join();
			assertThat(machine.heard().next()).startsWith("in between");
			assertThat(machine.heard().next()).startsWith("after");
			await().ignoreExceptions()
				.until(() -> machine.cluster().counter("visits").addAndGet(1), (count) -> count > 0);
		}
	}

	@Test
	void gapIsToldAndWhatWasRetainedIsMadeUpFor(CapturedOutput output) throws Exception {
		this.redis.start();
		RedisMachine machine = start(this.redis.port());
		await().until(() -> machine.bus().state().confirmed());
		StringRedisTemplate template = machine.context().getBean(StringRedisTemplate.class);
		say(template, 1, 1, "first");
		say(template, 2, 4, "in another version");
		template.opsForHash().put("cluster:{shop}:topics", "news", "1-0\n" + letter(1, 2, "too old"));
		say(template, 1, 4, "fourth");
		say(template, 2, 5, "and another");
		say(template, 1, 5, "fifth");
		assertThat(machine.heard().next()).isEqualTo("first from 9000007 on null");
		assertThat(machine.heard().next()).isEqualTo("fourth from 9000007 on null");
		assertThat(machine.heard().next()).isEqualTo("fifth from 9000007 on null");
		await().untilAsserted(
				() -> assertThat(machine.events().missed()).containsExactly(new MessagesMissed(9_000_007, 2)));
		assertThat(machine.bus().state().missed()).isEqualTo(2);
		assertThat(output.getOut()).containsOnlyOnce("A letter of version 2 cannot be read here");
	}

	@Test
	void clusterOfRedisIsUsedAsOneRedisIs() throws Exception {
		this.redis.start("--cluster-enabled", "yes");
		this.redis.tell("CLUSTER ADDSLOTSRANGE 0 16383");
		this.redis.tell("CLUSTER SET-CONFIG-EPOCH 1");
		String nodes = "--spring.data.redis.cluster.nodes=127.0.0.1:" + this.redis.port();
		await().ignoreExceptions().until(() -> {
			this.redis.tell("SET cluster:{shop}:leader:token 0");
			return true;
		});
		RedisMachine machine = start(this.redis.port(), nodes);
		await().until(() -> machine.bus().state().confirmed());
		machine.cluster().retain("topic", new Text("kept")).join();
		assertThat(machine.heard().next()).isEqualTo("kept from 1 on topic");
		assertThat(machine.cluster().counter("visits").addAndGet(2)).isEqualTo(2);
		assertThat(machine.cluster().lock("any").tryLock(TAKEOVER)).isNotNull();
		await().until(() -> machine.cluster().leader().isLeader());
	}

	private static void say(StringRedisTemplate template, int version, int number, String text) {
		template.opsForStream()
			.add(StreamRecords.string(Map.of("m", letter(version, number, text)))
				.withStreamKey("cluster:{shop}:letters"));
	}

	private static String letter(int version, int number, String text) {
		return """
				{"v":%d,"kind":"LETTER","sender":"9:7","life":3,"number":%d,"type":"%s","future":{"a":1}}
				{"text":"%s"}""".formatted(version, number, Text.class.getName(), text);
	}

}
