package io.clusterboot.primary;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PrimaryCommand}.
 */
class PrimaryCommandTests {

	private static final String FORK = "-Djdk.lang.Process.launchMechanism=FORK";

	private static final String VFORK = "-Djdk.lang.Process.launchMechanism=VFORK";

	@Test
	void commandStartsProcessesWithoutAProgramOfTheJdkUnlessToldOtherwise() {
		assertThat(command(List.of())).contains(FORK);
		assertThat(command(List.of(VFORK))).containsSubsequence(FORK, VFORK);
	}

	@Test
	void commandEndsWithWhatTheLauncherWasToldToRun() {
		assertThat(command(List.of())).endsWith("7", "shop:8080", "-jar", "dist/shop-service.jar");
	}

	@Test
	void commandHasMemoryForTheStore() {
		assertThat(command(List.of())).contains("-XX:MaxDirectMemorySize=33554432");
	}

	private static List<String> command(List<String> arguments) {
		return PrimaryCommand.of("java", List.of(Path.of("/staging/primary.jar")), Path.of("/staging"),
				16 * 1024 * 1024, arguments, 7, List.of("shop:8080", "-jar", "dist/shop-service.jar"));
	}

}
