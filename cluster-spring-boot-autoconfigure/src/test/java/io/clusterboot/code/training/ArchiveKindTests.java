package io.clusterboot.code.training;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ArchiveKind}.
 */
class ArchiveKindTests {

	private static final Path DIRECTORY = Path.of("/d");

	@ParameterizedTest
	@CsvSource({ "17,CDS", "21,CDS", "23,CDS", "24,AOT_CACHE", "25,AOT_CACHE", "26,AOT_CACHE" })
	void ofFeatureReleaseIsTheBestItCanDo(int feature, ArchiveKind kind) {
		assertThat(ArchiveKind.of(feature)).isEqualTo(kind);
	}

	@Test
	void cdsIsRecordedInOneStep() {
		assertThat(ArchiveKind.CDS.record(DIRECTORY)).containsExactly("-XX:ArchiveClassesAtExit=/d/classes.jsa");
		assertThat(ArchiveKind.CDS.assemble(DIRECTORY)).isEmpty();
		assertThat(ArchiveKind.CDS.use(DIRECTORY)).isEqualTo("-XX:SharedArchiveFile=/d/classes.jsa");
	}

	@Test
	void aotCacheIsAssembledFromARecording() {
		assertThat(ArchiveKind.AOT_CACHE.record(DIRECTORY)).containsExactly("-XX:AOTMode=record",
				"-XX:AOTConfiguration=/d/classes.aotconf");
		assertThat(ArchiveKind.AOT_CACHE.assemble(DIRECTORY)).containsExactly("-XX:AOTMode=create",
				"-XX:AOTConfiguration=/d/classes.aotconf", "-XX:AOTCache=/d/classes.aot");
		assertThat(ArchiveKind.AOT_CACHE.use(DIRECTORY)).isEqualTo("-XX:AOTCache=/d/classes.aot");
	}

	@Test
	void isLoadedWhenClassIsOfTheJdksOwnArchiveIsFalseForCds() {
		String line = "[0.1s][info][class,load] java.lang.Object source: shared objects file";
		assertThat(ArchiveKind.CDS.isLoaded(line)).isFalse();
		assertThat(ArchiveKind.CDS.isLoaded(line + " (top)")).isTrue();
		assertThat(ArchiveKind.AOT_CACHE.isLoaded(line)).isTrue();
	}

}
