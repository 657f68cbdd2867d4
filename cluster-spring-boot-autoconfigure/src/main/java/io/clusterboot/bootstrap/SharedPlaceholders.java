package io.clusterboot.bootstrap;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.core.env.Environment;

/**
 * Leaves those placeholders as they are written that have another value in every process
 * or with every look: {@code server.port=${random.int[8000,9000]}} has not changed only
 * because another number was drawn.
 */
final class SharedPlaceholders extends PropertySourcesPlaceholdersResolver {

	// Of the worker by WorkerIdentity, of the process by Boot's ApplicationInfo and
	// logging
	private static final List<String> PRIVATE = List.of("cluster.worker.id", "cluster.worker.slot",
			"cluster.worker.name", "cluster.worker.offset", "cluster.worker.generation", "cluster.worker.port",
			"cluster.worker.directory", "cluster.primary.pid", "spring.application.pid", "pid", "log.file", "log.path");

	SharedPlaceholders(Environment environment) {
		super(environment);
	}

	@Override
	protected @Nullable String resolvePlaceholder(String placeholder) {
		return isPrivate(placeholder) ? null : super.resolvePlaceholder(placeholder);
	}

	private static boolean isPrivate(String placeholder) {
		return placeholder.startsWith("random.")
				|| PRIVATE.contains(placeholder.toLowerCase(Locale.ROOT).replace('_', '.'));
	}

}
