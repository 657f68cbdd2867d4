package io.clusterboot.cli.drill;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The arguments with which the application is started.
 */
final class Arguments {

	// What makes a drill short, unless the user wants it otherwise
	private static final Map<String, String> PREFERRED = Map.of("cluster.workers", "2", "cluster.reload.train", "off",
			"cluster.reload.soak", "3s", "cluster.worker.hang-timeout", "5s");

	private Arguments() {
	}

	/**
	 * Return all arguments.
	 * @param given those of the user
	 * @param port where the cluster is to listen
	 * @param control where its control socket is to be
	 * @return those of the user, but what would keep this cluster from being apart from
	 * all others, and what it needs for that
	 */
	static List<String> of(List<String> given, int port, Path control) {
		Map<String, String> own = new LinkedHashMap<>();
		own.put("server.port", String.valueOf(port));
		own.put("server.address", "127.0.0.1");
		own.put("server.ssl.enabled", "false");
		// A port of its own would be refused
		own.put("management.server.port", String.valueOf(port));
		own.put("cluster.control.enabled", "true");
		own.put("cluster.control.directory", control.toString());
		// Given twice, a property would have both values
		Set<String> ownNames = own.keySet().stream().map(Arguments::canonical).collect(Collectors.toSet());
		List<String> all = new ArrayList<>(
				given.stream().filter((argument) -> !ownNames.contains(name(argument))).toList());
		Set<String> givenNames = given.stream().map(Arguments::name).collect(Collectors.toSet());
		PREFERRED.forEach((name, value) -> {
			if (!givenNames.contains(canonical(name))) {
				own.put(name, value);
			}
		});
		own.forEach((name, value) -> all.add("--%s=%s".formatted(name, value)));
		return all;
	}

	private static String name(String argument) {
		return (argument.startsWith("--")) ? canonical(argument.substring(2).split("=", 2)[0]) : "";
	}

	// As Spring Boot compares them
	private static String canonical(String name) {
		return name.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
	}

}
