package io.clusterboot.bootstrap;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.clusterboot.configdata.KeptConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GenerationConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class GenerationConfigurationTests {

	@TempDir
	private Path directory;

	private final List<Boolean> complete = new ArrayList<>();

	@Test
	void configurationIsCompleteWhenTheApplicationThatServesIsPrepared() {
		KeptConfiguration kept = new KeptConfiguration(this.directory, true);
		application((event) -> prepare(kept)).run().close();
		assertThat(this.complete).containsExactly(true);
	}

	@Test
	void configurationIsNotCompleteWhenAParentIsPrepared() {
		KeptConfiguration kept = new KeptConfiguration(this.directory, true);
		ApplicationListener<ApplicationEnvironmentPreparedEvent> listener = (event) -> prepare(kept);
		application(listener).child(Nothing.class).web(WebApplicationType.NONE).listeners(listener).run().close();
		assertThat(this.complete).containsExactly(false, true);
	}

	// As spring.cloud.bootstrap does it
	@Test
	void configurationIsNotCompleteWhenANestedApplicationIsPrepared() {
		KeptConfiguration kept = new KeptConfiguration(this.directory, true);
		application((event) -> {
			GenerationConfiguration outer = new GenerationConfiguration(kept);
			outer.begin(new DefaultBootstrapContext());
			application((nested) -> prepare(kept)).run().close();
			outer.end(new MockEnvironment());
			this.complete.add(Files.exists(this.directory.resolve("index")));
		}).run().close();
		assertThat(this.complete).containsExactly(false, true);
	}

	@Test
	void whatCannotBeKeptIsSaidUnlessNothingIsToBeKept(CapturedOutput output) {
		Path missing = this.directory.resolve("missing");
		end(missing, new MockEnvironment().withProperty("cluster.staging.enabled", "false"));
		assertThat(output).doesNotContain("cannot be kept");
		end(missing, new MockEnvironment());
		assertThat(output).contains("WARN", "The configuration of this generation cannot be kept", missing.toString());
	}

	private void prepare(KeptConfiguration kept) {
		GenerationConfiguration configuration = new GenerationConfiguration(kept);
		configuration.begin(new DefaultBootstrapContext());
		configuration.end(new MockEnvironment());
		this.complete.add(Files.exists(this.directory.resolve("index")));
	}

	private static void end(Path directory, MockEnvironment environment) {
		GenerationConfiguration configuration = new GenerationConfiguration(new KeptConfiguration(directory, true));
		configuration.begin(new DefaultBootstrapContext());
		configuration.end(environment);
	}

	private static SpringApplicationBuilder application(
			ApplicationListener<ApplicationEnvironmentPreparedEvent> listener) {
		return new SpringApplicationBuilder(Nothing.class).web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.logStartupInfo(false)
			.listeners(listener);
	}

	@Configuration(proxyBeanMethods = false)
	static class Nothing {

	}

}
