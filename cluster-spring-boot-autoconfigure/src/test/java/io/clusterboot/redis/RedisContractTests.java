package io.clusterboot.redis;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract, on Redis.
 */
class RedisContractTests extends SharedClusterContract {

	@TempDir
	private static Path directory;

	private static RedisServer redis;

	private static int clusters;

	private final String name = "contract-" + ++clusters;

	@BeforeAll
	static void startRedis() throws Exception {
		redis = new RedisServer(directory).start();
		redis.tell("ACL SETUSER shop on >secret ~cluster:{contract-*}:* +@read +@write +@connection +@scripting "
				+ "+INFO +TIME");
	}

	@AfterAll
	static void stopRedis() throws Exception {
		if (redis != null) {
			redis.close();
		}
	}

	@Override
	Worker create() {
		return RedisMachine
			.start(redis.port(), "--cluster.redis.name=" + this.name, "--spring.data.redis.username=shop",
					"--spring.data.redis.password=secret")
			.worker();
	}

	@Override
	void crash(Worker worker) {
		RedisMachine.of(worker).crash();
	}

}
