package io.clusterboot.bootstrap;

import java.io.File;
import java.nio.file.Path;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.ApplicationPidFileWriter;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PidFile}.
 */
class PidFileTests {

	private static final String PID = String.valueOf(ProcessHandle.current().pid());

	private final SpringApplication application = new SpringApplication();

	private final StandardEnvironment environment = new StandardEnvironment();

	@TempDir
	private Path directory;

	@AfterEach
	void forgetFile() {
		System.clearProperty("PIDFILE");
		Writer.writeAgain();
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.pid.file", "spring.pidfile" })
	void fileIsThatOfTheProperty(String property) {
		Path file = this.directory.resolve("named.pid");
		this.environment.getPropertySources()
			.addFirst(new MapPropertySource("test", Map.of(property, file.toString())));
		this.application.addListeners(new ApplicationPidFileWriter(inDirectory("code.pid")));
		assertThat(write()).isEqualTo(file.toString());
		assertThat(file).hasContent(PID);
	}

	@Test
	void fileIsThatOfTheVariable() {
		Path file = this.directory.resolve("named.pid");
		System.setProperty("PIDFILE", file.toString());
		this.application.addListeners(new ApplicationPidFileWriter());
		assertThat(write()).isEqualTo(file.toString());
		assertThat(file).hasContent(PID);
	}

	@Test
	void fileOnlyTheCodeNamesIsWrittenAndLeft() {
		File file = inDirectory("code.pid");
		this.application.addListeners(new ApplicationPidFileWriter(file));
		assertThat(write()).isNull();
		assertThat(file).hasContent(PID);
	}

	@Test
	void fileWhenThereIsNoWriterIsNone() {
		assertThat(write()).isNull();
	}

	private File inDirectory(String name) {
		return this.directory.resolve(name).toFile();
	}

	private @Nullable String write() {
		return PidFile.write(this.application, new String[0], this.environment);
	}

	/**
	 * Writers write once in the life of a JVM.
	 */
	private static final class Writer extends ApplicationPidFileWriter {

		static void writeAgain() {
			reset();
		}

	}

}
