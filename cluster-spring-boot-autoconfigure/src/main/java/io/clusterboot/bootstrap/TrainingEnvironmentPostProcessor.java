package io.clusterboot.bootstrap;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import io.clusterboot.code.training.Training;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.ClassUtils;

/**
 * Keeps a training start out of the way of everybody else: it writes no file that the
 * user knows by name, leaves the schema and the data of a database as they are, and goes
 * when the primary goes. It also has what workers have in addition to the application.
 */
class TrainingEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	// What Spring Boot does to a database while it makes beans, be it one that is in use:
	// "Preventing Remote Services Interaction During the Training Run" in its how-to
	private static final Map<String, Object> NO_INITIALIZATION = Map.ofEntries(
			Map.entry("spring.batch.jdbc.initialize-schema", "never"),
			Map.entry("spring.cassandra.schema-action", "none"),
			Map.entry("spring.data.mongodb.auto-index-creation", "false"), Map.entry("spring.flyway.enabled", "false"),
			Map.entry("spring.integration.jdbc.initialize-schema", "never"),
			Map.entry("spring.jpa.generate-ddl", "false"), Map.entry("spring.jpa.hibernate.ddl-auto", "none"),
			Map.entry("spring.jpa.properties.eclipselink.ddl-generation", "none"),
			Map.entry("spring.jpa.properties.hibernate.hbm2ddl.auto", "none"),
			Map.entry("spring.jpa.properties.hibernate.search.schema_management.strategy", "none"),
			Map.entry("spring.jpa.properties.jakarta.persistence.schema-generation.database.action", "none"),
			Map.entry("spring.jpa.properties.jakarta.persistence.schema-generation.scripts.action", "none"),
			Map.entry("spring.liquibase.enabled", "false"), Map.entry("spring.quartz.jdbc.initialize-schema", "never"),
			Map.entry("spring.session.jdbc.initialize-schema", "never"), Map.entry("spring.sql.init.mode", "never"));

	// Files, processes and brokers of the application's. Tomcat deletes stored sessions
	// when it has read them
	private static final Map<String, Object> NO_TRACES = Map.of("cluster.bus", "primary",
			"server.servlet.session.persistent", "false", "server.tomcat.accesslog.enabled", "false",
			"spring.artemis.embedded.persistent", "false", "spring.docker.compose.lifecycle-management", "none");

	private static final String TOMCAT_DIRECTORY = "server.tomcat.basedir";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		String directory = System.getProperty(Training.DIRECTORY);
		if (directory == null) {
			return;
		}
		ProcessHandle.of(Long.getLong(Training.PRIMARY, 0))
			.map(ProcessHandle::onExit)
			.ifPresent((exit) -> exit.thenRun(() -> Runtime.getRuntime().halt(1)));
		TrainingRefusal refusal = new TrainingRefusal(Path.of(directory));
		refuseDatabaseFiles(environment, refusal);
		Map<String, Object> properties = new LinkedHashMap<>(NO_INITIALIZATION);
		properties.putAll(NO_TRACES);
		properties.put("spring.pid.file", directory + "/application.pid");
		if (WorkerPropertySource.logFile(environment) != null) {
			properties.put(WorkerPropertySource.LOG_FILE, directory + "/application.log");
		}
		if (environment.containsProperty(TOMCAT_DIRECTORY)) {
			properties.put(TOMCAT_DIRECTORY, directory + "/tmp");
		}
		properties.putAll(TrainingLog.properties(application.getClassLoader()));
		environment.getPropertySources().addFirst(new MapPropertySource("clusterTraining", properties));
		if (ClassUtils.isPresent("javax.sql.DataSource", application.getClassLoader())) {
			application.addInitializers(
					(context) -> context.getBeanFactory().addBeanPostProcessor(new ReadOnlyDataSources(refusal)));
		}
		WorkerClasses.load();
	}

	private static void refuseDatabaseFiles(ConfigurableEnvironment environment, TrainingRefusal refusal) {
		environment.getPropertySources()
			.stream()
			.filter(EnumerablePropertySource.class::isInstance)
			.flatMap((source) -> Stream.of(((EnumerablePropertySource<?>) source).getPropertyNames()))
			.filter((name) -> isDatabaseFile(environment, name))
			.findFirst()
			.ifPresent((name) -> refusal.databaseFile(name));
	}

	private static boolean isDatabaseFile(ConfigurableEnvironment environment, String name) {
		try {
			String value = environment.getProperty(name);
			return value != null && DatabaseFile.isMeantBy(value);
		}
		catch (IllegalArgumentException ex) {
			// a placeholder that cannot be resolved, which only matters to who uses it
			return false;
		}
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}
