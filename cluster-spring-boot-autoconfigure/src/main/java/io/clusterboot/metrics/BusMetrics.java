package io.clusterboot.metrics;

import java.util.function.Supplier;

import io.clusterboot.contract.BusState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * How the bus fares that workers of several machines share.
 *
 * @param state its state
 */
public record BusMetrics(Supplier<BusState> state) implements MeterBinder {

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("cluster.bus.confirmed", this.state, (state) -> (state.get().confirmed()) ? 1 : 0)
			.description("Workers that hear over the bus what they say to themselves")
			.strongReference(true)
			.register(registry);
		FunctionCounter.builder("cluster.bus.missed", this.state, (state) -> state.get().missed())
			.description("Messages for all that have not come to a worker")
			.register(registry);
	}

}
