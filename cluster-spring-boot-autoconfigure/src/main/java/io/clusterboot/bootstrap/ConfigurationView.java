package io.clusterboot.bootstrap;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.clusterboot.settings.ClusterProperties;
import io.clusterboot.settings.WorkerCount;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * What an application's configuration says about the cluster, in the one form in which
 * the launcher and the workers tell it to the primary. To be made where the launcher
 * becomes the primary and at no other point of an application's start: an environment
 * still grows before.
 */
final class ConfigurationView {

	private static final String DEFAULT_PORT = "8080";

	private static final int DEFAULT_BACKLOG = 1024;

	private static final Duration DEFAULT_PHASE_TIMEOUT = Duration.ofSeconds(30);

	private final ClusterProperties properties;

	private final boolean worker;

	private final Binder binder;

	private final Binder shared;

	private ConfigurationView(ConfigurableEnvironment environment) {
		ConfiguredEnvironment configured = ConfiguredEnvironment.of(environment);
		this.binder = Binder.get(configured);
		this.shared = new Binder(ConfigurationPropertySources.get(configured), new SharedPlaceholders(configured));
		this.properties = ClusterProperties.get(this.binder);
		this.worker = environment.getPropertySources().contains(WorkerPropertySource.NAME);
	}

	static Map<String, String> of(ConfigurableEnvironment environment) {
		return new ConfigurationView(environment).toMap();
	}

	private Map<String, String> toMap() {
		Map<String, String> view = new TreeMap<>();
		view.put("server.port", text("server.port", DEFAULT_PORT));
		view.put("server.address", text("server.address", ""));
		view.put("server.tomcat.accept-count",
				String.valueOf(this.binder.bind("server.tomcat.accept-count", Integer.class).orElse(DEFAULT_BACKLOG)));
		if (isCountOfMachine()) {
			view.put("cluster.workers", String.valueOf(WorkerCount.parse(this.properties.getWorkers()).count()));
		}
		putMaxWorkers(view);
		putReload(this.properties.getReload(), view);
		putTimes(view);
		putWorker(this.properties.getWorker(), view);
		putWarmUp(this.properties.getWarmUp(), view);
		view.put("cluster.balance", text(this.properties.getBalance()));
		view.put("cluster.scheduling", text(this.properties.getScheduling()));
		view.put("cluster.sessions", text(this.properties.getSessions()));
		view.put("cluster.session-format", text(this.properties.getSessionFormat()));
		view.put("cluster.bus", text(this.properties.getBus()));
		view.put("cluster.redis.name", text("cluster.redis.name", ""));
		view.put("cluster.redis.prefix", text("cluster.redis.prefix", "cluster"));
		view.put("cluster.messages.max-size", String.valueOf(this.properties.getMessages().getMaxSize().toBytes()));
		view.put("cluster.store.max-size", String.valueOf(this.properties.getStore().getMaxSize().toBytes()));
		view.put("cluster.caches.evict", text(this.properties.getCaches().getEvict()));
		view.put("cluster.cache.time-to-live", text(this.properties.getCache().getTimeToLive()));
		view.put("cluster.cache.as-default", String.valueOf(this.properties.getCache().isAsDefault()));
		view.put("cluster.metrics.enabled", String.valueOf(this.properties.getMetrics().isEnabled()));
		view.put("cluster.metrics.merge", text(this.properties.getMetrics().getMerge()));
		view.put("cluster.spares", String.valueOf(this.properties.getSpares()));
		view.put("cluster.primary.jvm-args", list("cluster.primary.jvm-args"));
		view.put("cluster.staging.enabled", String.valueOf(this.properties.getStaging().isEnabled()));
		view.put("cluster.staging.directory", text("cluster.staging.directory", ""));
		view.put("cluster.control.enabled", String.valueOf(this.properties.getControl().isEnabled()));
		view.put("cluster.control.directory", text("cluster.control.directory", ""));
		return view;
	}

	private void putMaxWorkers(Map<String, String> view) {
		Integer limit = this.properties.getMaxWorkers();
		view.put("cluster.max-workers", String.valueOf((limit != null) ? limit : 0));
	}

	private void putReload(ClusterProperties.Reload reload, Map<String, String> view) {
		view.put("cluster.reload.strategy", text(reload.getStrategy()));
		view.put("cluster.reload.ready-timeout", text(reload.getReadyTimeout()));
		view.put("cluster.reload.max-surge", String.valueOf(reload.getMaxSurge()));
		view.put("cluster.reload.max-unavailable", String.valueOf(reload.getMaxUnavailable()));
		view.put("cluster.reload.pause", text(reload.getPause()));
		view.put("cluster.reload.soak", text(reload.getSoak()));
		view.put("cluster.reload.max-error-increase", String.valueOf(reload.getMaxErrorIncrease()));
		view.put("cluster.reload.train", text(reload.getTrain()));
	}

	private void putTimes(Map<String, String> view) {
		ClusterProperties.Respawn respawn = this.properties.getRespawn();
		view.put("cluster.drain.timeout", text(this.properties.getDrain().getTimeout()));
		view.put("cluster.drain.close-timeout", text(closeTimeout(this.properties.getDrain())));
		view.put("cluster.drain.keep-alive-grace", text(this.properties.getDrain().getKeepAliveGrace()));
		view.put("cluster.respawn.initial-delay", text(respawn.getInitialDelay()));
		view.put("cluster.respawn.max-delay", text(respawn.getMaxDelay()));
		view.put("cluster.respawn.stable-after", text(respawn.getStableAfter()));
		view.put("cluster.respawn.failed-delay", text(respawn.getFailedDelay()));
	}

	// What comes after the requests comes one after the other: the phases of the life
	// cycle, of which it is usually one that takes its time, and then the executors
	private Duration closeTimeout(ClusterProperties.Drain drain) {
		Duration configured = drain.getCloseTimeout();
		return (configured != null) ? configured
				: duration("spring.lifecycle.timeout-per-shutdown-phase", DEFAULT_PHASE_TIMEOUT)
					.plus(duration("spring.task.execution.shutdown.await-termination-period", Duration.ZERO))
					.plus(duration("spring.task.scheduling.shutdown.await-termination-period", Duration.ZERO));
	}

	private Duration duration(String name, Duration absent) {
		return this.binder.bind(name, Duration.class).orElse(absent);
	}

	// A limit that is not set is 0
	private void putWorker(ClusterProperties.Worker worker, Map<String, String> view) {
		view.put("cluster.worker.start-timeout", text(worker.getStartTimeout()));
		view.put("cluster.worker.parallel-starts",
				String.valueOf((worker.getParallelStarts() != null) ? worker.getParallelStarts() : 0));
		view.put("cluster.worker.hang-timeout", text(worker.getHangTimeout()));
		view.put("cluster.worker.stall-timeout", text(worker.getStallTimeout()));
		view.put("cluster.worker.replace-on-uncaught", text(worker.getReplaceOnUncaught()));
		view.put("cluster.worker.max-memory",
				String.valueOf((worker.getMaxMemory() != null) ? worker.getMaxMemory().toBytes() : 0));
		view.put("cluster.worker.max-requests",
				String.valueOf((worker.getMaxRequests() != null) ? worker.getMaxRequests() : 0));
		view.put("cluster.worker.max-lifetime",
				text((worker.getMaxLifetime() != null) ? worker.getMaxLifetime() : Duration.ZERO));
		view.put("cluster.worker.slow-start", text(worker.getSlowStart()));
		view.put("cluster.worker.processors",
				(worker.getProcessors() != null) ? String.valueOf(worker.getProcessors()) : "");
		view.put("cluster.worker.command-prefix", list("cluster.worker.command-prefix"));
		view.put("cluster.worker.jvm-args", list("cluster.worker.jvm-args"));
	}

	private void putWarmUp(ClusterProperties.WarmUp warmUp, Map<String, String> view) {
		view.put("cluster.warm-up.requests", list("cluster.warm-up.requests"));
		view.put("cluster.warm-up.duration", text(warmUp.getDuration()));
		view.put("cluster.warm-up.concurrency", String.valueOf(warmUp.getConcurrency()));
		view.put("cluster.warm-up.required", String.valueOf(warmUp.isRequired()));
		view.put("cluster.warm-up.learn", String.valueOf(warmUp.isLearn()));
	}

	private boolean isCountOfMachine() {
		return !this.worker || !WorkerCount.isRelative(this.properties.getWorkers())
				|| seesAllProcessors(this.properties.getWorker());
	}

	// A worker that was told how many processors to see, as 'taskset' does too, cannot
	// tell how many there are
	private static boolean seesAllProcessors(ClusterProperties.Worker worker) {
		return worker.getProcessors() == null && worker.getCommandPrefix().isEmpty()
				&& worker.getJvmArgs()
					.stream()
					.noneMatch((argument) -> argument.startsWith("-XX:ActiveProcessorCount="));
	}

	private String text(String name, String absent) {
		String value = this.shared.bind(name, String.class).orElse("").trim();
		return (!value.isEmpty()) ? value : absent;
	}

	private String list(String name) {
		return String.join(" ", this.shared.bind(name, Bindable.listOf(String.class)).orElseGet(List::of));
	}

	private static String text(Duration duration) {
		return duration.toString();
	}

	private static String text(Map<String, ? extends Enum<?>> map) {
		return map.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + "=" + text(entry.getValue()))
			.sorted()
			.collect(Collectors.joining(" "));
	}

	private static String text(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
