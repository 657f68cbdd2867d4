package io.clusterboot.bootstrap;

import java.util.LinkedHashMap;
import java.util.Map;

import io.clusterboot.process.Training;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Keeps a training start out of the way of everybody else: it writes no file that the
 * user knows by name, leaves the schema and the data of a database as they are, and goes
 * when the primary goes. It also has what workers have in addition to the application.
 */
class TrainingEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	// What Spring Boot does to a database while it makes beans, be it one that is in use:
	// "Preventing Remote Services Interaction During the Training Run" in its how-to
	private static final Map<String, Object> NO_INITIALIZATION = Map.ofEntries(
			Map.entry("spring.batch.jdbc.initialize-schema", "never"), Map.entry("spring.flyway.enabled", "false"),
			Map.entry("spring.integration.jdbc.initialize-schema", "never"),
			Map.entry("spring.jpa.generate-ddl", "false"), Map.entry("spring.jpa.hibernate.ddl-auto", "none"),
			Map.entry("spring.jpa.properties.hibernate.hbm2ddl.auto", "none"),
			Map.entry("spring.jpa.properties.jakarta.persistence.schema-generation.database.action", "none"),
			Map.entry("spring.liquibase.enabled", "false"), Map.entry("spring.quartz.jdbc.initialize-schema", "never"),
			Map.entry("spring.session.jdbc.initialize-schema", "never"), Map.entry("spring.sql.init.mode", "never"));

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		String directory = System.getProperty(Training.DIRECTORY);
		if (directory == null) {
			return;
		}
		ProcessHandle.of(Long.getLong(Training.PRIMARY, 0))
			.map(ProcessHandle::onExit)
			.ifPresent((exit) -> exit.thenRun(() -> Runtime.getRuntime().halt(1)));
		Map<String, Object> properties = new LinkedHashMap<>(NO_INITIALIZATION);
		properties.put("spring.pid.file", directory + "/application.pid");
		if (WorkerPropertySource.logFile(environment) != null) {
			properties.put(WorkerPropertySource.LOG_FILE, directory + "/application.log");
		}
		environment.getPropertySources().addFirst(new MapPropertySource("clusterTraining", properties));
		WorkerClasses.load();
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}
