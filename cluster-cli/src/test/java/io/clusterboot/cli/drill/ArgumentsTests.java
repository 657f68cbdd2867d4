package io.clusterboot.cli.drill;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Arguments}.
 */
class ArgumentsTests {

	@Test
	void clusterIsApartFromAllOthers() {
		assertThat(of("--server.port=8080", "--SERVER.ADDRESS=0.0.0.0", "--management.server.port=8081",
				"--cluster.control.enabled=false", "run", "--spring.profiles.active=drill"))
			.startsWith("run", "--spring.profiles.active=drill")
			.contains("--server.port=4711", "--server.address=127.0.0.1", "--management.server.port=4711",
					"--server.ssl.enabled=false", "--cluster.control.enabled=true",
					"--cluster.control.directory=/control")
			.noneMatch((argument) -> argument.contains("808") || argument.contains("0.0.0.0"));
	}

	@Test
	void whatMakesADrillShortIsUpToTheUser() {
		assertThat(of()).contains("--cluster.workers=2", "--cluster.reload.soak=3s", "--cluster.worker.hang-timeout=5s",
				"--cluster.reload.train=off");
		assertThat(of("--cluster.workers=3", "--cluster.worker.hangTimeout=9s")).contains("--cluster.workers=3")
			.doesNotContain("--cluster.workers=2", "--cluster.worker.hang-timeout=5s");
	}

	private static List<String> of(String... given) {
		return Arguments.of(List.of(given), 4711, Path.of("/control"));
	}

}
