package io.clusterboot.settings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link InvalidClusterPropertyFailureAnalyzer}.
 */
@ExtendWith(OutputCaptureExtension.class)
class InvalidClusterPropertyFailureAnalyzerTests {

	@Test
	void analyzeWhenOriginIsUnknownNamesPropertyValueAndWhatIsAllowed() {
		FailureAnalysis analysis = new InvalidClusterPropertyFailureAnalyzer()
			.analyze(new InvalidClusterPropertyException("cluster.drain.timeout", "0s", "more than that", null));
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription())
			.isEqualTo("The value '0s' of the property 'cluster.drain.timeout' is not valid.");
		assertThat(analysis.getAction()).isEqualTo("Set 'cluster.drain.timeout' to more than that.");
	}

	@Test
	void runWhenWorkersAreNotAllowedReportsValueOriginAndWhatIsAllowed(CapturedOutput output) {
		SpringApplication application = new SpringApplication(Config.class);
		application.addListeners((ApplicationListener<ApplicationEnvironmentPreparedEvent>) (event) -> ClusterProperties
			.get(Binder.get(event.getEnvironment())));
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> application.run("--cluster.workers=many", "--spring.main.banner-mode=off"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The value 'many' of the property 'cluster.workers' (from "
					+ "\"cluster.workers\" from property source \"commandLineArgs\") is not valid.")
			.contains("Set 'cluster.workers' to a number of workers (1 or more), 'max' for one per available");
	}

	@Configuration(proxyBeanMethods = false)
	static class Config {

	}

}
