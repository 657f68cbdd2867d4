package io.clusterboot.autoconfigure;

import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

import io.clusterboot.channel.Mail;
import io.clusterboot.lead.WorkerLeader;
import io.clusterboot.metrics.BusMetrics;
import io.clusterboot.redis.BusSettings;
import io.clusterboot.redis.Machine;
import io.clusterboot.redis.RedisBus;
import io.clusterboot.settings.ClusterProperties;
import io.clusterboot.store.ClusterStore;
import io.clusterboot.worker.RemoteCluster;
import io.clusterboot.worker.WorkerRuntime;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.ClassUtils;

/**
 * Registers the bus on Redis. Nothing of it is known where the properties do not ask for
 * it, as its classes may not be there.
 */
final class RedisBusBeans {

	/**
	 * The name of the bean, before which nobody can share anything.
	 */
	static final String NAME = RedisBus.class.getName();

	private static final String STORE = NAME + ".store";

	private RedisBusBeans() {
	}

	static void register(GenericApplicationContext context, WorkerRuntime runtime) {
		RemoteCluster cluster = runtime.cluster();
		cluster.use(register(context, Machine.name(runtime.identity().primaryPid()), () -> runtime.identity().id(),
				(WorkerLeader) cluster.leader(), cluster.messages()::received));
	}

	static void register(GenericApplicationContext context, LocalCluster cluster) {
		LocalCandidate candidate = new LocalCandidate(patience(context.getEnvironment()));
		cluster.use(register(context, UUID.randomUUID().toString(), cluster::id, candidate.leader(),
				cluster.messages()::received), candidate);
	}

	private static RedisBus register(GenericApplicationContext context, String machine, IntSupplier id,
			WorkerLeader candidate, Consumer<Mail.Incoming> inbox) {
		ClusterProperties properties = ClusterProperties.get(Binder.get(context.getEnvironment()));
		String name = properties.getRedis().getName();
		BusSettings settings = new BusSettings(
				(name != null) ? name : context.getEnvironment().getProperty("spring.application.name", "application"),
				machine, properties.getRedis().getPrefix(), properties.getDrain().getTimeout());
		RedisBus bus = new RedisBus(settings, id, candidate, inbox, (event) -> {
			if (context.isActive()) {
				context.publishEvent(event);
			}
		});
		context.registerBean(NAME, RedisBus.class, () -> {
			bus.connect(find(context));
			return bus;
		}, (definition) -> definition.setLazyInit(false));
		// The application may have its own beside it
		context.registerBean(STORE, ClusterStore.class, bus::store, (definition) -> {
			definition.setFallback(true);
			definition.setDependsOn(NAME);
		});
		if (ClassUtils.isPresent("io.micrometer.core.instrument.binder.MeterBinder", context.getClassLoader())) {
			BusMeters.register(context, bus);
		}
		return bus;
	}

	private static Duration patience(Environment environment) {
		return ClusterProperties.get(Binder.get(environment)).getDrain().getTimeout();
	}

	private static LettuceConnectionFactory find(GenericApplicationContext context) {
		LettuceConnectionFactory factory = context.getBeanProvider(LettuceConnectionFactory.class).getIfUnique();
		if (factory == null) {
			throw new IllegalStateException("There is no bean of the type LettuceConnectionFactory, or none that is "
					+ "primary: 'cluster.bus=redis' uses the connection that Spring Boot configures by "
					+ "'spring.data.redis'");
		}
		return factory;
	}

	/**
	 * What Micrometer is told, where it is there.
	 */
	private static final class BusMeters {

		static void register(GenericApplicationContext context, RedisBus bus) {
			context.registerBean(BusMetrics.class.getName(), BusMetrics.class, () -> new BusMetrics(bus::state));
		}

	}

}
