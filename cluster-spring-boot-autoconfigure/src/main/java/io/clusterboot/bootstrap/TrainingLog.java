package io.clusterboot.bootstrap;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.logging.LoggingSystem;

/**
 * Keeps a training start away from the files that the application's own logging
 * configuration names, which workers write to.
 */
final class TrainingLog {

	private static final String CONFIGURATION = "logging.config";

	private TrainingLog() {
	}

	/**
	 * Return the properties with which a training start logs to the console.
	 * {@link io.clusterboot.code.training.Training} does the same for what logs before
	 * Spring Boot is there.
	 * @param classLoader the class loader of the application
	 * @return the properties
	 */
	static Map<String, Object> properties(@Nullable ClassLoader classLoader) {
		return switch (LoggingSystem.get(classLoader).getClass().getSimpleName()) {
			case "LogbackLoggingSystem" -> Map.of(CONFIGURATION, "classpath:io/clusterboot/training-logback.xml");
			case "Log4J2LoggingSystem" ->
				Map.of(CONFIGURATION, "classpath:org/springframework/boot/logging/log4j2/log4j2.xml");
			default -> Map.of();
		};
	}

}
