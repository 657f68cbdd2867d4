package io.clusterboot.bootstrap;

import io.clusterboot.code.training.Training;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringApplication;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TrainingEnvironmentPostProcessor}.
 */
class TrainingEnvironmentPostProcessorTests {

	private final MockEnvironment environment = new MockEnvironment();

	@AfterEach
	void clear() {
		System.clearProperty(Training.DIRECTORY);
	}

	@ParameterizedTest
	@CsvSource({ "spring.jpa.hibernate.ddl-auto,create-drop,none", "spring.jpa.generate-ddl,true,false",
			"spring.jpa.properties.hibernate.hbm2ddl.auto,create,none",
			"spring.jpa.properties.jakarta.persistence.schema-generation.database.action,drop-and-create,none",
			"spring.sql.init.mode,always,never", "spring.flyway.enabled,true,false",
			"spring.liquibase.enabled,true,false", "spring.batch.jdbc.initialize-schema,always,never",
			"spring.integration.jdbc.initialize-schema,always,never",
			"spring.quartz.jdbc.initialize-schema,always,never", "spring.session.jdbc.initialize-schema,always,never",
			"spring.jpa.properties.jakarta.persistence.schema-generation.scripts.action,create,none",
			"server.servlet.session.persistent,true,false", "cluster.bus,redis,primary",
			"server.tomcat.accesslog.enabled,true,false" })
	void trainingLeavesTheDatabaseAloneWhateverTheUserHasSet(String property, String wanted, String given) {
		this.environment.setProperty(property, wanted);
		process();
		assertThat(this.environment.getProperty(property)).isEqualTo(wanted);
		System.setProperty(Training.DIRECTORY, "training");
		process();
		assertThat(this.environment.getProperty(property)).isEqualTo(given);
	}

	@Test
	void trainingWritesFilesOfItsOwn() {
		this.environment.setProperty("logging.file.name", "application.log");
		System.setProperty(Training.DIRECTORY, "training");
		process();
		assertThat(this.environment.getProperty("spring.pid.file")).isEqualTo("training/application.pid");
		assertThat(this.environment.getProperty("logging.file.name")).isEqualTo("training/application.log");
		assertThat(this.environment.getProperty("logging.config"))
			.isEqualTo("classpath:io/clusterboot/training-logback.xml");
	}

	private void process() {
		new TrainingEnvironmentPostProcessor().postProcessEnvironment(this.environment, new SpringApplication());
	}

}
