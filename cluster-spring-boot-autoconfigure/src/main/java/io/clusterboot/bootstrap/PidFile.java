package io.clusterboot.bootstrap;

import java.io.File;
import java.lang.reflect.Field;
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
import org.springframework.util.Assert;
import org.springframework.util.ReflectionUtils;

/**
 * Has the file of the user's {@link ApplicationPidFileWriter} written for the primary,
 * which has the launcher's process id but never prepares a context.
 */
final class PidFile {

	private final SpringApplication application;

	private final String[] arguments;

	private final ConfigurableEnvironment environment;

	PidFile(SpringApplication application, String[] arguments, ConfigurableEnvironment environment) {
		this.application = application;
		this.arguments = arguments;
		this.environment = environment;
	}

	/**
	 * Write the file if the user has such a writer.
	 * @return the file that was written or {@code null}
	 */
	@Nullable String write() {
		return this.application.getListeners()
			.stream()
			.filter(ApplicationPidFileWriter.class::isInstance)
			.map(ApplicationPidFileWriter.class::cast)
			.findFirst()
			.map(this::write)
			.orElse(null);
	}

	private String write(ApplicationPidFileWriter writer) {
		GenericApplicationContext context = new GenericApplicationContext();
		context.setEnvironment(this.environment);
		writer.onApplicationEvent(new ApplicationPreparedEvent(this.application, this.arguments, context));
		writer.onApplicationEvent(new ApplicationReadyEvent(this.application, this.arguments, context, null));
		return file(writer).getAbsolutePath();
	}

	// The places where the writer itself looks, in its order
	private File file(ApplicationPidFileWriter writer) {
		return Stream
			.of(this.environment.getProperty("spring.pid.file"), this.environment.getProperty("spring.pidfile"),
					SystemProperties.get("PIDFILE"))
			.filter(Objects::nonNull)
			.findFirst()
			.map(File::new)
			.orElseGet(() -> fileOf(writer));
	}

	private static File fileOf(ApplicationPidFileWriter writer) {
		Field field = ReflectionUtils.findField(ApplicationPidFileWriter.class, "file", File.class);
		Assert.state(field != null, "ApplicationPidFileWriter has no field 'file'");
		ReflectionUtils.makeAccessible(field);
		return (File) ReflectionUtils.getField(field, writer);
	}

}
