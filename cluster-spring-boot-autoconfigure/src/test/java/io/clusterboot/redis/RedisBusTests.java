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
import io.clusterboot.store.ClusterStore;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache;
import org.springframework.data.redis.connection.stream.StreamRecords;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RedisBus}: several machines, and what befalls Redis.
 */
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(OutputCaptureExtension.class)
class RedisBusTests {

	// Of a lease, what Redis keeps it for beyond that, and a beat
	private static final Duration TAKEOVER = Duration.ofSeconds(20);

	@TempDir
	private static Path directory;

	private static RedisServer redis;

	private final List<RedisMachine> machines = new ArrayList<>();

	@BeforeAll
	static void startRedis() throws Exception {
		redis = new RedisServer(directory).start();
	}

	@AfterAll
	static void stopRedis() {
		if (redis != null) {
			redis.close();
		}
	}

	// Else nobody leads at first, as somebody might hold a lease that Redis has forgotten
	@BeforeEach
	void beEmptyButKnown() throws Exception {
		redis.tell("FLUSHALL");
		redis.tell("SET cluster:{shop}:leader:token 0");
	}

	@AfterEach
	void stop() {
		this.machines.forEach(RedisMachine::close);
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

	// Late, as nobody takes over from another soon after the start of Redis
	@Test
	@Order(2)
	void oneMachineLeadsAndAnotherTakesOver() {
		start(redis.port());
		start(redis.port());
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
		RedisMachine third = start(redis.port());
		second.crash();
		await().until(() -> third.cluster().leader().isLeader());
		assertThat(second.cluster().leader().isLeader()).isFalse();
		assertThat(third.cluster().leader().token().orElseThrow()).isGreaterThan(next);
	}

	@Test
	@Order(1)
	void redisThatStopsForAWhileCostsAnErrorAtOnceAndNoRestart() throws Exception {
		start(redis.port());
		start(redis.port());
		RedisMachine leader = leader();
		RedisMachine other = other(leader);
		other.cluster().counter("visits").add(7);
		other.store().put("cart", new byte[] { 7 }, Duration.ofHours(1), null);
		Cache cache = other.worker().cache("owners");
		cache.put("a", "kept");
		AtomicInteger most = new AtomicInteger();
		Thread watch = watchLeaders(most);
		redis.pause();
		try {
			assertFailsWithin(Duration.ofSeconds(4), other);
			assertFailsWithin(Duration.ofMillis(200), other);
			assertThatExceptionOfType(PrimaryUnavailableException.class)
				.isThrownBy(() -> other.cluster().lock("any").tryLock(TAKEOVER))
				.withMessageContaining("Redis");
			assertThatExceptionOfType(PrimaryUnavailableException.class).isThrownBy(() -> other.store().get("cart"))
				.withMessageContaining("Redis");
			assertThat(cache.get("a", () -> "computed")).isEqualTo("computed");
			assertThatExceptionOfType(PrimaryUnavailableException.class).isThrownBy(() -> cache.evict("a"));
			ClusterContract.assertFails(other.cluster().broadcast(new Text("lost")), "Redis");
			await().until(() -> !leader.cluster().leader().isLeader());
			await().until(() -> !leader.bus().state().confirmed());
		}
		finally {
			redis.resume();
		}
		await().until(() -> leader.bus().state().confirmed() && other.bus().state().confirmed());
		assertThat(other.cluster().counter("visits").get()).isEqualTo(7);
		ClusterStore.Entry cart = leader.store().get("cart");
		assertThat(cart).isNotNull();
		assertThat(cart.value()).containsExactly(7);
		await().untilAsserted(() -> assertThat(cache.get("a", String.class)).isEqualTo("kept"));
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
	@Order(3)
	void redisThatIsKilledAndStartedAnewIsUsedAgain() throws Exception {
		start(redis.port());
		start(redis.port());
		RedisMachine leader = leader();
		long token = leader.cluster().leader().token().orElseThrow();
		long version = leader.store().replace("cart", new byte[0], TAKEOVER, null, ClusterStore.ABSENT);
		AtomicInteger most = new AtomicInteger();
		Thread watch = watchLeaders(most);
		redis.kill();
		await().until(() -> !leader.bus().state().confirmed());
		redis.start();
		await().until(() -> this.machines.stream().allMatch((machine) -> machine.bus().state().confirmed()));
		RedisMachine one = this.machines.get(0);
		RedisMachine two = this.machines.get(1);
		one.cluster().broadcast(new Text("anew")).join();
		assertThat(one.heard().next()).startsWith("anew");
		assertThat(two.heard().next()).startsWith("anew");
		assertThat(one.heard().sender()).isEqualTo(1);
		assertThat(two.heard().sender()).isGreaterThan(1_000_000);
		assertThat(one.cluster().counter("visits").addAndGet(1)).isOne();
		assertThat(two.store().get("cart")).isNull();
		assertThat(one.store().replace("cart", new byte[0], TAKEOVER, null, ClusterStore.ABSENT))
			.isGreaterThan(version);
		long next = leader().cluster().leader().token().orElseThrow();
		assertThat(next).isGreaterThanOrEqualTo(token);
		watch.interrupt();
		assertThat(most).hasValueLessThanOrEqualTo(1);
	}

	@Test
	void applicationThatStartsWithoutRedisServesAndJoinsLater(@TempDir Path own) throws Exception {
		try (RedisServer late = new RedisServer(own)) {
			RedisMachine machine = start(late.port());
			assertThat(machine.cluster().id()).isOne();
			assertFailsWithin(Duration.ofSeconds(1), machine);
			ClusterContract.assertFails(machine.cluster().broadcast(new Text("lost")), "Redis");
			assertThatExceptionOfType(PrimaryUnavailableException.class)
				.isThrownBy(() -> machine.store().remove("cart"));
			late.start();
			await().until(() -> machine.bus().state().confirmed());
			machine.cluster().broadcast(new Text("there")).join();
			assertThat(machine.heard().next()).isEqualTo("there from 1 on null");
			assertThat(machine.store().remove("cart")).isFalse();
		}
	}

	@Test
	void connectionThatGoesSilentIsReplaced() throws Exception {
		try (SilentProxy proxy = new SilentProxy(redis.port())) {
			RedisMachine machine = start(proxy.port());
			await().until(() -> machine.bus().state().confirmed());
			int before = proxy.connections();
			proxy.silence();
			RedisMachine other = start(redis.port());
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
		RedisMachine machine = start(redis.port());
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
	void clusterOfRedisIsUsedAsOneRedisIs(@TempDir Path own) throws Exception {
		try (RedisServer node = new RedisServer(own).start("--cluster-enabled", "yes")) {
			node.tell("CLUSTER ADDSLOTSRANGE 0 16383");
			node.tell("CLUSTER SET-CONFIG-EPOCH 1");
			await().ignoreExceptions().until(() -> {
				node.tell("SET cluster:{shop}:leader:token 0");
				return true;
			});
			RedisMachine machine = start(node.port(), "--spring.data.redis.cluster.nodes=127.0.0.1:" + node.port());
			await().until(() -> machine.bus().state().confirmed());
			machine.cluster().retain("topic", new Text("kept")).join();
			assertThat(machine.heard().next()).isEqualTo("kept from 1 on topic");
			assertThat(machine.cluster().counter("visits").addAndGet(2)).isEqualTo(2);
			assertThat(machine.cluster().lock("any").tryLock(TAKEOVER)).isNotNull();
			Cache cache = machine.worker().cache("owners");
			assertThat(cache.get("a", () -> "computed")).isEqualTo("computed");
			assertThat(cache.get("a", () -> "not asked")).isEqualTo("computed");
			assertThat(cache.invalidate()).isTrue();
			assertThat(cache.evictIfPresent("a")).isFalse();
			await().until(() -> machine.cluster().leader().isLeader());
		}
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
