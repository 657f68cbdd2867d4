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
 * user knows by name, and goes when the primary goes. It also has what workers have in
 * addition to the application.
 */
class TrainingEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		String directory = System.getProperty(Training.DIRECTORY);
		if (directory == null) {
			return;
		}
		ProcessHandle.of(Long.getLong(Training.PRIMARY, 0))
			.map(ProcessHandle::onExit)
			.ifPresent((exit) -> exit.thenRun(() -> Runtime.getRuntime().halt(1)));
		Map<String, Object> properties = new LinkedHashMap<>();
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
