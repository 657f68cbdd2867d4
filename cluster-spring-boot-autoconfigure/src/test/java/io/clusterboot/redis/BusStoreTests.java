package io.clusterboot.redis;

import java.nio.file.Path;
import java.time.Duration;

import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.store.ClusterStore;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link BusStore}: what it does to Redis, and Redis to it. What it promises is
 * in {@link StoreContract}.
 */
@Timeout(60)
class BusStoreTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private static final BusKeys KEYS = BusKeys.of("cluster", "shop");

	@TempDir
	private static Path directory;

	private static RedisServer redis;

	private static LettuceConnectionFactory connections;

	private static BusClient client;

	private final ClusterStore store = new BusStore(KEYS, () -> client);

	@BeforeAll
	static void start() throws Exception {
		redis = new RedisServer(directory).start();
		connections = new LettuceConnectionFactory("127.0.0.1", redis.port());
		connections.afterPropertiesSet();
		connections.start();
		client = new BusClient(BusConnections.like(connections));
	}

	@AfterAll
	static void stop() throws Exception {
		if (client != null) {
			client.close();
			connections.destroy();
		}
		if (redis != null) {
			redis.close();
		}
	}

	private void put(String key, Duration timeToLive, String group) {
		this.store.put(key, new byte[] { 1 }, timeToLive, group);
	}

	private static long indexed(String group) {
		Long count = client.ask((connection) -> connection.zSetCommands().zCard(KEYS.group(group)));
		return (count != null) ? count : 0;
	}

	@Test
	void indexOfAGroupForgetsWhatIsThereNoMore() {
		put("long", HOUR, "growing");
		for (int i = 0; i < 300; i++) {
			put("short" + i, Duration.ofMillis(1), "growing");
			put("removed" + i, HOUR, "growing");
			this.store.remove("removed" + i);
			put("moved" + i, HOUR, "growing");
			put("moved" + i, HOUR, null);
		}
		assertThat(indexed("growing")).isLessThan(100);
		assertThat(this.store.keys("growing")).contains("long").hasSizeLessThan(10);
		assertThat(indexed("growing")).isLessThan(10);
	}

	@Test
	void indexOfAGroupEndsWithTheLastOfIt() {
		put("first", Duration.ofMillis(200), "ending");
		put("second", Duration.ofMillis(100), "ending");
		Awaitility.await().until(() -> indexed("ending") == 0);
		put("first", HOUR, "lasting");
		this.store.renew("first", HOUR.multipliedBy(2));
		put("second", Duration.ofMillis(100), "lasting");
		Awaitility.await().until(() -> this.store.get("second") == null);
		assertThat(this.store.keys("lasting")).containsExactly("first");
		Long left = client.ask((connection) -> connection.keyCommands().pTtl(KEYS.group("lasting")));
		assertThat(left).isGreaterThan(HOUR.toMillis());
	}

	@Test
	void nothingIsThereThatItsGroupWouldNotFind() throws Exception {
		put("lost", HOUR, "lost");
		put("removed", HOUR, "lost");
		ClusterStore.Entry before = this.store.get("removed");
		assertThat(before).isNotNull();
		redis.tell("DEL cluster:{shop}:store:group:lost");
		assertThat(this.store.get("lost")).isNull();
		assertThat(this.store.replace("lost", new byte[0], HOUR, "lost", ClusterStore.ABSENT)).isPositive();
		assertThat(this.store.replace("removed", new byte[0], HOUR, "lost", before.version()))
			.isEqualTo(ClusterStore.ABSENT);
		assertThat(this.store.keys("lost")).containsExactly("lost");
	}

	@Test
	void versionsGrowAlsoWhereRedisHasForgottenThem() throws Exception {
		put("key", HOUR, null);
		ClusterStore.Entry before = this.store.get("key");
		redis.tell("FLUSHALL");
		assertThat(this.store.get("key")).isNull();
		put("key", HOUR, null);
		ClusterStore.Entry after = this.store.get("key");
		assertThat(before).isNotNull();
		assertThat(after).isNotNull();
		assertThat(after.version()).isGreaterThan(before.version());
	}

	@Test
	void everythingOnRedisEnds() {
		put("one", HOUR, "group");
		put("two", Duration.ofDays(1_000_000), null);
		for (String key : new String[] { "one", "two" }) {
			Long left = client.ask((connection) -> connection.keyCommands().pTtl(KEYS.kept(key)));
			assertThat(left).isPositive();
		}
		Long left = client.ask((connection) -> connection.keyCommands().pTtl(KEYS.group("group")));
		assertThat(left).isBetween(HOUR.toMillis() - 10_000, HOUR.toMillis());
	}

	@Test
	void redisThatIsFullSaysSo() throws Exception {
		try (BusClient refused = new BusClient(BusConnections.like(connections))) {
			ClusterStore full = new BusStore(KEYS, () -> refused);
			redis.tell("CONFIG SET maxmemory 1");
			try {
				assertThatExceptionOfType(PrimaryUnavailableException.class)
					.isThrownBy(() -> full.put("key", new byte[1], HOUR, null))
					.withMessageContaining("maxmemory");
			}
			finally {
				redis.tell("CONFIG SET maxmemory 0");
			}
			refused.probe((connection) -> "" + connection.ping());
			full.put("key", new byte[1], HOUR, null);
		}
	}

	@Test
	void whoIsInterruptedSaysNothingAboutRedis() throws Exception {
		// An answer that is there already would be given
		redis.pause();
		try {
			Thread.currentThread().interrupt();
			assertThatExceptionOfType(PrimaryUnavailableException.class).isThrownBy(() -> this.store.get("key"))
				.withMessageContaining("Interrupted");
			assertThat(Thread.interrupted()).isTrue();
		}
		finally {
			redis.resume();
		}
		assertThat(client.answers()).isTrue();
		assertThat(this.store.get("no such key")).isNull();
	}

}
