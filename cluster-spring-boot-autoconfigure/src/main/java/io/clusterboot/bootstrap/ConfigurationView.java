package io.clusterboot.bootstrap;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.springframework.boot.context.properties.bind.Binder;

/**
 * What an application's configuration says about the cluster, in the one form in which
 * the launcher and the workers tell it to the primary.
 */
final class ConfigurationView {

	private static final String DEFAULT_PORT = "8080";

	private static final String DEFAULT_BACKLOG = "1024";

	private ConfigurationView() {
	}

	static Map<String, String> of(Binder binder, ClusterProperties properties) {
		ClusterProperties.Reload reload = properties.getReload();
		Map<String, String> view = new TreeMap<>();
		view.put("server.port", binder.bind("server.port", String.class).orElse(DEFAULT_PORT));
		view.put("server.address", binder.bind("server.address", String.class).orElse(""));
		view.put("server.tomcat.accept-count",
				binder.bind("server.tomcat.accept-count", String.class).orElse(DEFAULT_BACKLOG));
		view.put("cluster.workers", String.valueOf(WorkerCount.parse(properties.getWorkers()).count()));
		view.put("cluster.reload.strategy", text(reload.getStrategy()));
		view.put("cluster.reload.ready-timeout", text(reload.getReadyTimeout()));
		view.put("cluster.reload.max-surge", String.valueOf(reload.getMaxSurge()));
		view.put("cluster.reload.max-unavailable", String.valueOf(reload.getMaxUnavailable()));
		view.put("cluster.reload.pause", text(reload.getPause()));
		view.put("cluster.reload.soak", text(reload.getSoak()));
		view.put("cluster.reload.max-error-increase", String.valueOf(reload.getMaxErrorIncrease()));
		view.put("cluster.reload.train", text(reload.getTrain()));
		view.put("cluster.drain.timeout", text(properties.getDrain().getTimeout()));
		view.put("cluster.drain.keep-alive-grace", text(properties.getDrain().getKeepAliveGrace()));
		view.put("cluster.respawn.initial-delay", text(properties.getRespawn().getInitialDelay()));
		view.put("cluster.respawn.max-delay", text(properties.getRespawn().getMaxDelay()));
		view.put("cluster.respawn.stable-after", text(properties.getRespawn().getStableAfter()));
		view.put("cluster.worker.start-timeout", text(properties.getWorker().getStartTimeout()));
		view.put("cluster.worker.jvm-args", String.join(" ", properties.getWorker().getJvmArgs()));
		view.put("cluster.primary.jvm-args", String.join(" ", properties.getPrimary().getJvmArgs()));
		view.put("cluster.staging.enabled", String.valueOf(properties.getStaging().isEnabled()));
		String directory = properties.getStaging().getDirectory();
		view.put("cluster.staging.directory", (directory != null) ? directory : "");
		return view;
	}

	private static String text(Duration duration) {
		return duration.toString();
	}

	private static String text(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

}
