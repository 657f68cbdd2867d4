package io.clusterboot.bootstrap;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.clusterboot.PortConflictException;
import io.clusterboot.command.PortOption;
import io.clusterboot.machine.ListeningPorts;
import io.clusterboot.settings.ClusterProperties;
import io.clusterboot.settings.WorkerCount;
import io.clusterboot.worker.WorkerRuntime;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;

/**
 * The ports that an application binds itself, beside the one that the workers share. No
 * other worker could bind them, so the first one says so. It refuses to start where that
 * is certain, and only warns where another might find a way, as those do that try the
 * next port.
 */
public final class WorkerPorts {

	private static final Log logger = LogFactory.getLog(WorkerPorts.class);

	private static final List<String> SERVERS = List.of("spring.grpc.server.port", "spring.rsocket.server.port");

	private final ConfigurableEnvironment environment;

	private final WorkerPropertySource properties;

	private final WorkerRuntime runtime;

	private final ListeningPorts listening;

	private final Set<Integer> told = new TreeSet<>();

	WorkerPorts(ConfigurableEnvironment environment, WorkerPropertySource properties, WorkerRuntime runtime) {
		this(environment, properties, runtime, new ListeningPorts());
	}

	WorkerPorts(ConfigurableEnvironment environment, WorkerPropertySource properties, WorkerRuntime runtime,
			ListeningPorts listening) {
		this.environment = environment;
		this.properties = properties;
		this.runtime = runtime;
		this.listening = listening;
	}

	/**
	 * Refuse a further connector of the web server, unless there is never a second worker
	 * to bind its port.
	 * @param port its port, not 0
	 * @throws PortConflictException if a second worker is going to fail
	 */
	public void requireForConnector(int port) {
		require(port, "an additional connector of Tomcat");
	}

	private void require(int port, String owner) {
		if (!isExcused()) {
			throw new PortConflictException(
					"Port %d (%s) can be bound by one worker only, so that no second one and no reload could start."
						.formatted(port, owner),
					"""
							Either
							- give each worker a port of its own, such as %d + ${cluster.worker.offset},
							- let the system choose one, by port 0,
							- leave that port to a process of its own, or
							- replace workers one by one: cluster.workers=1, cluster.reload.max-surge=0, \
							cluster.reload.max-unavailable=1.""".formatted(port));
		}
	}

	// One that has asked who it is binds another port in each worker, or so it seems
	private boolean isExcused() {
		ClusterProperties properties = ClusterProperties.get(Binder.get(this.environment));
		boolean alone = WorkerCount.parse(properties.getWorkers()).count() == 1
				&& properties.getReload().getMaxSurge() == 0 && properties.getSpares() == 0;
		return alone || this.properties.isDistinguished();
	}

	/**
	 * Look what this process listens on by now.
	 * @throws PortConflictException if another worker is certain to fail
	 */
	void look() {
		SortedSet<Integer> ports = this.listening.chosenBy(ProcessHandle.current().pid());
		ports.remove(this.runtime.identity().port());
		Binder binder = Binder.get(this.environment);
		for (String server : SERVERS) {
			int port = binder.bind(server, Integer.class).orElse(0);
			if (ports.contains(port)) {
				require(port, server);
			}
		}
		ports.removeAll(ofTheJvm());
		ports.removeIf((port) -> !this.told.add(port));
		if (!ports.isEmpty() && this.runtime.identity().slot() == 0 && !isExcused()) {
			logger.warn(("The application has bound %s, as no second worker can while this one is there: others may "
					+ "not start, and reloads may fail. Take port 0, or a port of its own for each worker, such as "
					+ "%d + ${cluster.worker.offset}")
				.formatted(ports.stream().map(this::describe).collect(Collectors.joining(", ")), ports.first()));
		}
	}

	private String describe(int port) {
		String text = "port " + port;
		String property = property(String.valueOf(port));
		return (property != null) ? "%s (%s)".formatted(text, property) : text;
	}

	private @Nullable String property(String value) {
		return this.environment.getPropertySources()
			.stream()
			.filter(EnumerablePropertySource.class::isInstance)
			.flatMap((source) -> Stream.of(((EnumerablePropertySource<?>) source).getPropertyNames()))
			.filter((name) -> name.toLowerCase(Locale.ROOT).contains("port")
					&& value.equals(this.environment.getProperty(name)))
			.findFirst()
			.orElse(null);
	}

	// The primary has given each worker its own
	private static Set<Integer> ofTheJvm() {
		return ManagementFactory.getRuntimeMXBean()
			.getInputArguments()
			.stream()
			.map(PortOption::parse)
			.filter(Objects::nonNull)
			.map(PortOption::port)
			.collect(Collectors.toSet());
	}

}
