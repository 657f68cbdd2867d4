package io.clusterboot.settings;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.clusterboot.contract.BusKind;
import io.clusterboot.contract.StoreLimits;
import io.clusterboot.contract.WarmUpRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.origin.Origin;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/**
 * Refuses settings that could be bound but make no sense.
 */
class ClusterPropertiesCheck {

	// Two heartbeats: a shorter time would pass between one and the next
	private static final Duration SHORTEST_HANG = Duration.ofSeconds(2);

	private static final DataSize LARGEST_MESSAGE = DataSize.ofMegabytes(1);

	private static final DataSize LARGEST_STORE = DataSize.ofBytes(StoreLimits.LARGEST);

	private static final String REDIS_CLIENT = "org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory";

	private final Binder binder;

	private final ClusterProperties properties;

	ClusterPropertiesCheck(Binder binder, ClusterProperties properties) {
		this.binder = binder;
		this.properties = properties;
	}

	void run() {
		checkBus(this.properties.getRedis());
		WorkerCount workers = checkWorkers();
		if (workers.isOff()) {
			return;
		}
		checkMaxWorkers(workers);
		checkReload(this.properties.getReload());
		positive("cluster.drain.timeout", this.properties.getDrain().getTimeout());
		Duration closeTimeout = this.properties.getDrain().getCloseTimeout();
		if (closeTimeout != null) {
			positive("cluster.drain.close-timeout", closeTimeout);
		}
		notNegative("cluster.drain.keep-alive-grace", this.properties.getDrain().getKeepAliveGrace());
		checkWorker(this.properties.getWorker());
		notNegative("cluster.spares", this.properties.getSpares());
		checkRespawn(this.properties.getRespawn());
		checkWarmUp(this.properties.getWarmUp());
		checkMessages(this.properties.getMessages().getMaxSize());
		checkStore(this.properties.getStore().getMaxSize());
		positive("cluster.cache.time-to-live", this.properties.getCache().getTimeToLive());
	}

	private void checkBus(ClusterProperties.Redis redis) {
		if (this.properties.getBus() != BusKind.REDIS) {
			return;
		}
		if (!ClassUtils.isPresent(REDIS_CLIENT, null)) {
			refuse("cluster.bus", "redis",
					"'primary' as long as 'spring-boot-starter-data-redis' is not among the dependencies");
		}
		key("cluster.redis.name", (redis.getName() != null) ? redis.getName() : "application");
		key("cluster.redis.prefix", redis.getPrefix());
	}

	private void key(String name, String value) {
		if (value.isBlank() || value.contains("{") || value.contains("}")) {
			refuse(name, value, "a part of a key in Redis, such as 'shop', with no braces");
		}
	}

	private WorkerCount checkWorkers() {
		try {
			return WorkerCount.parse(this.properties.getWorkers());
		}
		catch (InvalidClusterPropertyException ex) {
			throw ex.withOrigin(findOrigin(ex.getName()));
		}
	}

	private void checkMaxWorkers(WorkerCount workers) {
		Integer limit = this.properties.getMaxWorkers();
		if (limit != null && limit <= 0) {
			refuse("cluster.max-workers", limit.toString(),
					"a number of workers, 1 or more, or not set for what the machine allows");
		}
		if (limit != null) {
			atMost(WorkerCount.PROPERTY, workers.count(), limit);
			checkLimit(limit);
		}
	}

	/**
	 * Refuse what the machine cannot bear, where the user has set no limit.
	 * @param ofMachine how many workers the machine allows
	 */
	void runOnMachine(int ofMachine) {
		if (this.properties.getMaxWorkers() == null) {
			checkLimit(ofMachine);
		}
	}

	private void checkLimit(int limit) {
		atMost("cluster.spares", this.properties.getSpares(), limit);
		atMost("cluster.reload.max-surge", this.properties.getReload().getMaxSurge(), limit);
	}

	private void checkReload(ClusterProperties.Reload reload) {
		positive("cluster.reload.ready-timeout", reload.getReadyTimeout());
		notNegative("cluster.reload.max-surge", reload.getMaxSurge());
		notNegative("cluster.reload.max-unavailable", reload.getMaxUnavailable());
		if (reload.getMaxSurge() == 0 && reload.getMaxUnavailable() == 0) {
			refuse("cluster.reload.max-surge", "0",
					"1 or more where 'cluster.reload.max-unavailable' is 0, else no worker could be replaced");
		}
		notNegative("cluster.reload.pause", reload.getPause());
		notNegative("cluster.reload.soak", reload.getSoak());
		double increase = reload.getMaxErrorIncrease();
		if (!(increase >= 0 && increase <= 1)) {
			refuse("cluster.reload.max-error-increase", String.valueOf(increase),
					"a share from 0 to 1, such as 0.05 for 5 percent");
		}
	}

	private void checkWorker(ClusterProperties.Worker worker) {
		positive("cluster.worker.start-timeout", worker.getStartTimeout());
		if (worker.getHangTimeout().compareTo(SHORTEST_HANG) < 0) {
			refuse("cluster.worker.hang-timeout", print(worker.getHangTimeout()),
					"a duration of at least 2s, because a worker gives a sign of life once a second");
		}
		notNegative("cluster.worker.stall-timeout", worker.getStallTimeout());
		notNegative("cluster.worker.slow-start", worker.getSlowStart());
		checkLimits(worker);
		if (worker.getProcessors() != null && worker.getProcessors() <= 0) {
			refuse("cluster.worker.processors", String.valueOf(worker.getProcessors()),
					"a number of processors, 1 or more, or not set for all that there are");
		}
		if (worker.getParallelStarts() != null && worker.getParallelStarts() <= 0) {
			refuse("cluster.worker.parallel-starts", String.valueOf(worker.getParallelStarts()),
					"a number of workers, 1 or more, or not set for as many as there are processors");
		}
		List<String> prefix = worker.getCommandPrefix();
		if (!prefix.isEmpty() && prefix.get(0).isBlank()) {
			refuse("cluster.worker.command-prefix", String.join(",", prefix),
					"a list that begins with the name of a command, such as nice,-n,5");
		}
	}

	private void checkLimits(ClusterProperties.Worker worker) {
		DataSize memory = worker.getMaxMemory();
		if (memory != null && memory.toBytes() <= 0) {
			refuse("cluster.worker.max-memory", memory.toString(),
					"a size greater than zero, such as 512MB, or not set for no limit");
		}
		Long requests = worker.getMaxRequests();
		if (requests != null && requests <= 0) {
			refuse("cluster.worker.max-requests", requests.toString(),
					"a number of requests, 1 or more, or not set for no limit");
		}
		Duration lifetime = worker.getMaxLifetime();
		if (lifetime != null && (lifetime.isZero() || lifetime.isNegative())) {
			refuse("cluster.worker.max-lifetime", print(lifetime),
					"a duration greater than zero, such as 12h, or not set for no limit");
		}
	}

	private void checkRespawn(ClusterProperties.Respawn respawn) {
		notNegative("cluster.respawn.initial-delay", respawn.getInitialDelay());
		notNegative("cluster.respawn.max-delay", respawn.getMaxDelay());
		notNegative("cluster.respawn.stable-after", respawn.getStableAfter());
		positive("cluster.respawn.failed-delay", respawn.getFailedDelay());
		if (respawn.getMaxDelay().compareTo(respawn.getInitialDelay()) < 0) {
			refuse("cluster.respawn.max-delay", print(respawn.getMaxDelay()),
					"a duration of at least 'cluster.respawn.initial-delay', which is "
							+ written("cluster.respawn.initial-delay", print(respawn.getInitialDelay())));
		}
	}

	private void checkWarmUp(ClusterProperties.WarmUp warmUp) {
		for (String request : warmUp.getRequests()) {
			try {
				WarmUpRequest.parse(request);
			}
			catch (IllegalArgumentException ex) {
				refuse("cluster.warm-up.requests", request,
						"a list of paths, each with or without GET or HEAD, such as '/', 'HEAD /' or "
								+ "'GET /owners?lastName=', in which '%s' is none: what is no plain ASCII has to be escaped, as %%20"
									.formatted(request));
			}
		}
		positive("cluster.warm-up.duration", warmUp.getDuration());
		if (warmUp.getConcurrency() <= 0) {
			refuse("cluster.warm-up.concurrency", String.valueOf(warmUp.getConcurrency()),
					"a number of requests, 1 or more");
		}
	}

	private void checkMessages(DataSize maxSize) {
		if (maxSize.toBytes() <= 0 || maxSize.toBytes() > LARGEST_MESSAGE.toBytes()) {
			refuse("cluster.messages.max-size", maxSize.toString(), "a size of more than zero and at most 1MB");
		}
	}

	private void checkStore(DataSize maxSize) {
		if (maxSize.toBytes() < 0 || maxSize.toBytes() > LARGEST_STORE.toBytes()) {
			refuse("cluster.store.max-size", maxSize.toString(),
					"a size of at most 1GB, which the primary takes when it is needed, or 0 for none");
		}
	}

	private void positive(String name, Duration value) {
		if (value.isZero() || value.isNegative()) {
			refuse(name, print(value), "a duration greater than zero, such as 30s");
		}
	}

	private void notNegative(String name, Duration value) {
		if (value.isNegative()) {
			refuse(name, print(value), "a duration of zero or more, such as 5s");
		}
	}

	private void notNegative(String name, int value) {
		if (value < 0) {
			refuse(name, String.valueOf(value), "a number of workers, 0 or more");
		}
	}

	private void atMost(String name, int value, int limit) {
		if (value > limit) {
			refuse(name, String.valueOf(value),
					"a number of workers that 'cluster.max-workers' allows, which is %d or fewer".formatted(limit));
		}
	}

	private void refuse(String name, String value, String allowed) {
		throw new InvalidClusterPropertyException(name, written(name, value), allowed, findOrigin(name));
	}

	// As the user wrote it, unless it is a default that clashes with something else
	private String written(String name, String value) {
		return this.binder.bind(name, String.class).orElse(value);
	}

	private static String print(Duration value) {
		return DurationStyle.SIMPLE.print(value);
	}

	private @Nullable Origin findOrigin(String name) {
		AtomicReference<@Nullable Origin> origin = new AtomicReference<>();
		this.binder.bind(name, Bindable.of(String.class), new BindHandler() {

			@Override
			public Object onSuccess(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
					Object result) {
				origin.set(Origin.from(context.getConfigurationProperty()));
				return result;
			}

		});
		return origin.get();
	}

}
