package io.clusterboot.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import io.clusterboot.contract.WorkerIdentity;

import org.springframework.core.env.MapPropertySource;

/**
 * The name by which a worker is told from the others in what it sends away: the host and
 * its slot, so that there are no more names than slots however many workers there were.
 */
final class InstanceName {

	private static final Path HOST = Path.of("/proc/sys/kernel/hostname");

	private static final String OTEL_ID = "service.instance.id";

	private InstanceName() {
	}

	/**
	 * Return the name as defaults of Spring Boot's properties for it.
	 * @param identity which worker this is
	 * @param environment the environment variables, where it may be set too
	 * @return the defaults
	 */
	static MapPropertySource defaults(WorkerIdentity identity, Map<String, String> environment) {
		String name = host() + "-" + ((identity.slot() != WorkerIdentity.NO_SLOT) ? identity.slot() : "spare");
		String node = "logging.structured.ecs.service.node-name";
		boolean set = environment.getOrDefault("OTEL_RESOURCE_ATTRIBUTES", "").contains(OTEL_ID);
		return new MapPropertySource("clusterInstanceName", (set) ? Map.of(node, name)
				: Map.of(node, name, "management.opentelemetry.resource-attributes[" + OTEL_ID + "]", name));
	}

	private static String host() {
		try {
			return Files.readString(HOST).strip();
		}
		catch (IOException ex) {
			return "localhost";
		}
	}

}
