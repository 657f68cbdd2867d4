package io.clusterboot.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.ApplicationPidFileWriter;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.system.SystemProperties;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Has the file of the user's {@link ApplicationPidFileWriter} written for the primary,
 * which has the launcher's process id but never prepares a context.
 */
final class PidFile {

	private static final String DEFAULT_NAME = "application.pid";

	private PidFile() {
	}

	/**
	 * Write the file if the user has such a writer.
	 * @param application the application
	 * @param arguments its arguments
	 * @param environment its environment
	 * @return the file that was written, or {@code null} if none was or if only the code
	 * of the application says where it is
	 */
	static @Nullable String write(SpringApplication application, String[] arguments,
			ConfigurableEnvironment environment) {
		ApplicationPidFileWriter writer = application.getListeners()
			.stream()
			.filter(ApplicationPidFileWriter.class::isInstance)
			.map(ApplicationPidFileWriter.class::cast)
			.findFirst()
			.orElse(null);
		if (writer == null) {
			return null;
		}
		GenericApplicationContext context = new GenericApplicationContext();
		context.setEnvironment(environment);
		writer.onApplicationEvent(new ApplicationPreparedEvent(application, arguments, context));
		writer.onApplicationEvent(new ApplicationReadyEvent(application, arguments, context, null));
		// The places where the writer itself looks, in its order
		String file = Stream
			.of(environment.getProperty("spring.pid.file"), environment.getProperty("spring.pidfile"),
					SystemProperties.get("PIDFILE"))
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(DEFAULT_NAME);
		return isOurs(file) ? Path.of(file).toAbsolutePath().toString() : null;
	}

	private static boolean isOurs(String file) {
		try {
			return Files.readString(Path.of(file)).equals(String.valueOf(ProcessHandle.current().pid()));
		}
		catch (IOException | InvalidPathException ex) {
			return false;
		}
	}

}
