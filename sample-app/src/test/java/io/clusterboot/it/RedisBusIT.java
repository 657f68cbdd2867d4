package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.clusterboot.it.variant.SharingAutoConfiguration;
import io.lettuce.core.RedisClient;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.util.Timer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import redis.clients.authentication.core.Token;

import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.netty.autoconfigure.NettyAutoConfiguration;
import org.springframework.dao.DataAccessException;
import org.springframework.data.domain.Page;
import org.springframework.data.keyvalue.core.KeyValueTemplate;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.oxm.Marshaller;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two clusters that share on Redis, as on two machines.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RedisBusIT {

	/**
	 * What an application needs to talk to Redis.
	 */
	static final List<Class<?>> LIBRARIES = List.of(DataRedisAutoConfiguration.class, NettyAutoConfiguration.class,
			RedisConnection.class, KeyValueTemplate.class, Page.class, DataAccessException.class, Marshaller.class,
			RedisClient.class, Token.class, Flux.class, Publisher.class, Timer.class, ByteBuf.class, Channel.class,
			UnixChannel.class, ByteToMessageDecoder.class, DnsRecord.class, SslHandler.class, AddressResolver.class,
			DnsNameResolver.class);

	private static final Duration PAUSE = Duration.ofSeconds(60);

	@TempDir
	private static Path directory;

	private static RedisProcess redis;

	private static ClusterProcess one;

	private static ClusterProcess two;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		redis = new RedisProcess(directory);
		one = launcher(test, "one").start();
		two = launcher(test, "two").start();
		one.awaitSettled();
		two.awaitSettled();
	}

	private static ClusterLauncher launcher(TestInfo test, String name) throws IOException {
		return new ClusterLauncher(test).named(name)
			.with(Files.createDirectory(directory.resolve(name)), SharingAutoConfiguration.class, LIBRARIES)
			.arguments("--cluster.bus=redis", "--cluster.redis.name=it", "--spring.data.redis.host=127.0.0.1",
					"--spring.data.redis.port=" + redis.port(), "--management.endpoint.health.show-details=always",
					"--management.health.redis.enabled=false");
	}

	@AfterAll
	static void stop() {
		if (one != null) {
			one.close();
		}
		if (two != null) {
			two.close();
		}
		if (redis != null) {
			redis.close();
		}
	}

	@Test
	@Order(1)
	void whatOneSaysCountsAndComputesBothHave() throws Exception {
		one.post("/share/retain?text=kept", "");
		one.post("/share/say?text=from-one", "");
		two.post("/share/say?text=from-two", "");
		awaitHeard("kept from-one from-two");
		assertThat(one.post("/share/count", "").body()).isEqualTo("1");
		assertThat(two.post("/share/count", "").body()).isEqualTo("2");
		String computed = one.get("/share/computed").body();
		assertThat(one.status().pids()).anySatisfy((pid) -> assertThat(computed).isEqualTo("by " + pid));
		assertThat(two.get("/share/computed").body()).isEqualTo(computed);
	}

	@Test
	@Order(2)
	void oneWorkerOfBothLeadsWhoeverIsKilled() {
		long token = 0;
		for (int i = 0; i < 2; i++) {
			Map.Entry<Long, Long> leader = awaitLeader();
			assertThat(leader.getValue()).isGreaterThan(token);
			token = leader.getValue();
			ClusterProcess.signal(leader.getKey(), "KILL");
		}
		assertThat(awaitLeader().getValue()).isGreaterThan(token);
		one.awaitSettled();
		two.awaitSettled();
		one.await("what is retained", () -> workers().stream().allMatch((worker) -> worker.heard().contains("kept")));
	}

	@Test
	@Order(3)
	@Tag("nightly")
	void redisThatIsPausedIsUsedAgain() throws Exception {
		redis.signal("STOP");
		one.await("no leader", () -> leaders().isEmpty());
		one.await("the pause").pollDelay(PAUSE).atMost(PAUSE.multipliedBy(2)).until(() -> true);
		assertThat(one.post("/share/say?text=lost", "").body()).contains("Redis");
		assertThat(one.get("/").status()).isEqualTo(200);
		redis.signal("CONT");
		awaitShared("after-pause");
	}

	@Test
	@Order(4)
	void redisThatIsKilledAndStartedAnewIsUsedAgain() throws Exception {
		long token = awaitLeader().getValue();
		redis.kill();
		one.await("an error", () -> one.post("/share/say?text=lost", "").body().contains("Redis"));
		assertThat(two.post("/share/count", "").body()).contains("Redis");
		assertThat(one.get("/").status()).isEqualTo(200);
		one.await("health", () -> one.get("/actuator/health").body().contains("DEGRADED"));
		redis.start();
		awaitShared("anew");
		assertThat(awaitLeader().getValue()).isGreaterThanOrEqualTo(token);
		one.await("health", () -> !one.get("/actuator/health").body().contains("DEGRADED"));
	}

	private static void awaitShared(String text) {
		one.await("Redis", () -> one.post("/share/say?text=" + text, "").body().equals("said"));
		one.await("all", () -> workers().stream().allMatch((worker) -> {
			one.post("/share/say?text=" + text, "");
			return worker.heard().contains(text);
		}));
	}

	private static void awaitHeard(String texts) {
		one.await(texts, () -> workers().stream().allMatch((worker) -> worker.heard().equals(texts)));
	}

	private static Map.Entry<Long, Long> awaitLeader() {
		return one.await("a leader")
			.until(RedisBusIT::leaders, (leaders) -> leaders.size() == 1)
			.entrySet()
			.iterator()
			.next();
	}

	// Tokens by process. Of who has just been killed nothing is heard
	private static Map<Long, Long> leaders() throws IOException {
		Map<Long, Long> leaders = new TreeMap<>();
		for (Worker worker : workers()) {
			long token = worker.leads();
			if (token != 0) {
				leaders.put(worker.pid(), token);
			}
		}
		assertThat(leaders).hasSizeLessThanOrEqualTo(1);
		return leaders;
	}

	private static List<Worker> workers() {
		List<Worker> workers = new ArrayList<>();
		for (ClusterProcess cluster : List.of(one, two)) {
			cluster.status().pids().forEach((pid) -> workers.add(new Worker(cluster, pid)));
		}
		return workers;
	}

	/**
	 * A worker of one of the two.
	 *
	 * @param cluster the cluster
	 * @param pid its process
	 */
	private record Worker(ClusterProcess cluster, long pid) {

		String heard() {
			return get("/share/heard");
		}

		long leads() {
			String token = get("/share/leader");
			return (!token.isEmpty()) ? Long.parseLong(token) : 0;
		}

		private String get(String path) {
			try (HttpConnection connection = this.cluster.connect(this.pid, 1).get(0)) {
				return connection.exchange("GET", path, "", "Connection: close").body();
			}
			catch (IOException | AssertionError ex) {
				// It has just ended
				return "";
			}
		}

	}

}
