package io.clusterboot.bootstrap;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.worker.WorkerRuntime;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * What must differ from worker to worker and what the primary has decided.
 */
final class WorkerPropertySource extends MapPropertySource {

	static final String NAME = "clusterWorker";

	private static final String SLOT = "cluster.worker.slot";

	private static final String OFFSET = "cluster.worker.offset";

	// What an application can make ports of that differ
	private static final Set<String> DISTINCT = Set.of(SLOT, OFFSET);

	static final String LOG_FILE = "logging.file.name";

	private static final String LOG_PATH = "logging.file.path";

	private static final String DEFAULT_LOG_FILE = "spring.log";

	private final WorkerRuntime runtime;

	private volatile boolean distinguished;

	private WorkerPropertySource(Map<String, Object> properties, WorkerRuntime runtime) {
		super(NAME, properties);
		this.runtime = runtime;
	}

	static WorkerPropertySource of(WorkerRuntime runtime, ConfigurableEnvironment environment) {
		WorkerIdentity identity = runtime.identity();
		Map<String, Object> properties = new LinkedHashMap<>();
		properties.put("server.port", identity.port());
		properties.put(SLOT, identity.slot());
		properties.put(OFFSET, environment.getProperty(WorkerIdentity.OFFSET, String.valueOf(identity.slot())));
		// The worker itself waits where Spring Boot would
		properties.put("server.shutdown", "immediate");
		// The file with the user's name for it is the primary's
		properties.put("spring.pid.file", "%s/worker-%d.pid".formatted(identity.directory(), identity.id()));
		String logFile = logFile(environment);
		if (logFile != null) {
			String name = environment.getProperty(WorkerIdentity.NAME, "w" + identity.slot());
			properties.put(LOG_FILE, named(logFile, name));
		}
		return new WorkerPropertySource(properties, runtime);
	}

	@Override
	public @Nullable Object getProperty(String name) {
		if (DISTINCT.contains(name)) {
			this.distinguished = true;
		}
		// That of a spare changes
		return SLOT.equals(name) ? this.runtime.identity().slot() : super.getProperty(name);
	}

	/**
	 * Return whether the application has asked for what tells this worker from others, as
	 * one does that binds a port of its own in each.
	 * @return whether it has
	 */
	boolean isDistinguished() {
		return this.distinguished;
	}

	static @Nullable String logFile(ConfigurableEnvironment environment) {
		String file = environment.getProperty(LOG_FILE);
		if (file != null && !file.isEmpty()) {
			return file;
		}
		String path = environment.getProperty(LOG_PATH);
		return (path != null && !path.isEmpty()) ? path + "/" + DEFAULT_LOG_FILE : null;
	}

	static String named(String file, String name) {
		int start = file.lastIndexOf('/') + 1;
		int dot = file.lastIndexOf('.');
		int end = (dot > start) ? dot : file.length();
		return file.substring(0, end) + "-" + name + file.substring(end);
	}

}
