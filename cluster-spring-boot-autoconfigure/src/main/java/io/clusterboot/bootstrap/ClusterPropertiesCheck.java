package io.clusterboot.bootstrap;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.origin.Origin;

/**
 * Refuses settings that could be bound but make no sense.
 */
class ClusterPropertiesCheck {

	private final Binder binder;

	private final ClusterProperties properties;

	ClusterPropertiesCheck(Binder binder, ClusterProperties properties) {
		this.binder = binder;
		this.properties = properties;
	}

	void run() {
		if (checkWorkers().isOff()) {
			return;
		}
		positive("cluster.reload.ready-timeout", this.properties.getReload().getReadyTimeout());
		positive("cluster.drain.timeout", this.properties.getDrain().getTimeout());
		notNegative("cluster.drain.keep-alive-grace", this.properties.getDrain().getKeepAliveGrace());
		positive("cluster.worker.start-timeout", this.properties.getWorker().getStartTimeout());
		checkRespawn(this.properties.getRespawn());
	}

	private WorkerCount checkWorkers() {
		try {
			return WorkerCount.parse(this.properties.getWorkers());
		}
		catch (InvalidClusterPropertyException ex) {
			throw ex.withOrigin(findOrigin(ex.getName()));
		}
	}

	private void checkRespawn(ClusterProperties.Respawn respawn) {
		notNegative("cluster.respawn.initial-delay", respawn.getInitialDelay());
		notNegative("cluster.respawn.max-delay", respawn.getMaxDelay());
		notNegative("cluster.respawn.stable-after", respawn.getStableAfter());
		if (respawn.getMaxDelay().compareTo(respawn.getInitialDelay()) < 0) {
			refuse("cluster.respawn.max-delay", respawn.getMaxDelay(),
					"a duration of at least 'cluster.respawn.initial-delay', which is "
							+ written("cluster.respawn.initial-delay", respawn.getInitialDelay()));
		}
	}

	private void positive(String name, Duration value) {
		if (value.isZero() || value.isNegative()) {
			refuse(name, value, "a duration greater than zero, such as 30s");
		}
	}

	private void notNegative(String name, Duration value) {
		if (value.isNegative()) {
			refuse(name, value, "a duration of zero or more, such as 5s");
		}
	}

	private void refuse(String name, Duration value, String allowed) {
		throw new InvalidClusterPropertyException(name, written(name, value), allowed, findOrigin(name));
	}

	private String written(String name, Duration value) {
		return this.binder.bind(name, String.class).orElseGet(() -> DurationStyle.SIMPLE.print(value));
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
