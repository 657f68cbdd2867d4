package io.clusterboot.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.clusterboot.command.JvmCommand;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UserArchive}.
 */
class UserArchiveTests {

	private static final List<String> BOTH = List.of("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
			"--enable-native-access=ALL-UNNAMED");

	@Test
	void findUnfitWhenThereIsNoCacheOrItFitsFindsNothing() {
		assertThat(find(List.of("-Xmx1g"), Map.of())).isNull();
		List<String> options = new ArrayList<>(BOTH);
		options.add("-XX:AOTCache=app.aot");
		assertThat(find(options, Map.of())).isNull();
		assertThat(find(List.of("-XX:AOTCache=app.aot"), Map.of("JAVA_TOOL_OPTIONS", String.join(" ", BOTH)))).isNull();
	}

	@Test
	void findUnfitWhenAnOptionIsMissingNamesBothAndTheCache() {
		UserArchive archive = find(List.of("-XX:AOTCache=app.aot", BOTH.get(0)), Map.of());
		assertThat(archive).isNotNull();
		assertThat(archive.isRequired()).isFalse();
		assertThat(archive.describe()).contains("-XX:AOTCache=app.aot", BOTH.get(0), BOTH.get(1));
	}

	@Test
	void findUnfitWhenTheJvmInsistsOnItIsRequired() {
		UserArchive archive = find(List.of("-XX:AOTMode=on"), Map.of("JAVA_TOOL_OPTIONS", "-XX:AOTCache=app.aot"));
		assertThat(archive).isNotNull();
		assertThat(archive.isRequired()).isTrue();
	}

	private static @Nullable UserArchive find(List<String> options, Map<String, String> variables) {
		return UserArchive.findUnfit(new JvmCommand("java", options, List.of("Main"), List.of()), variables);
	}

}
