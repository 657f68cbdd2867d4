package io.clusterboot.redis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.clusterboot.autoconfigure.ClusterAutoConfiguration;
import io.clusterboot.event.LeaderEvent;
import io.clusterboot.event.MessagesMissed;
import io.clusterboot.store.ClusterStore;
import io.clusterboot.worker.messages.TalkingCluster;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;

/**
 * An application whose bus is Redis. To Redis it is a machine of its own.
 *
 * @param context its context
 */
record RedisMachine(ConfigurableApplicationContext context) {

	private static final Map<TalkingCluster, RedisMachine> MACHINES = new ConcurrentHashMap<>();

	static RedisMachine start(int port, String... arguments) {
		List<String> all = new ArrayList<>(Arrays.asList(arguments));
		all.addAll(List.of("--spring.main.banner-mode=off", "--cluster.bus=redis", "--spring.data.redis.host=127.0.0.1",
				"--spring.data.redis.port=" + port));
		RedisMachine machine = new RedisMachine(
				new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
					.run(all.toArray(String[]::new)));
		MACHINES.put(machine.cluster(), machine);
		return machine;
	}

	static RedisMachine of(ClusterContract.Worker worker) {
		return MACHINES.get(worker.cluster());
	}

	TalkingCluster cluster() {
		return this.context.getBean(TalkingCluster.class);
	}

	RedisBus bus() {
		return this.context.getBean(RedisBus.class);
	}

	ClusterStore store() {
		return this.context.getBean(ClusterStore.class);
	}

	ClusterContract.Heard heard() {
		return this.context.getBean(ClusterContract.Heard.class);
	}

	Events events() {
		return this.context.getBean(Events.class);
	}

	ClusterContract.Worker worker() {
		return new ClusterContract.Worker(cluster(), store(), heard(), this::close);
	}

	/**
	 * Say nothing any more, not even that it ends.
	 */
	void crash() {
		bus().vanish();
	}

	void close() {
		MACHINES.values().remove(this);
		this.context.close();
	}

	/**
	 * What the application hears.
	 */
	static class Events {

		private final List<LeaderEvent> leading = new CopyOnWriteArrayList<>();

		private final List<MessagesMissed> missed = new CopyOnWriteArrayList<>();

		@EventListener
		void onLeader(LeaderEvent event) {
			this.leading.add(event);
		}

		@EventListener
		void onMissed(MessagesMissed event) {
			this.missed.add(event);
		}

		List<LeaderEvent> leading() {
			return this.leading;
		}

		List<MessagesMissed> missed() {
			return this.missed;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataRedisAutoConfiguration.class, ClusterAutoConfiguration.class })
	@Import({ ClusterContract.Heard.class, Events.class })
	static class Application {

	}

}
