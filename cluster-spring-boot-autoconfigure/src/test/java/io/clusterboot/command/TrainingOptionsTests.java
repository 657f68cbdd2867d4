package io.clusterboot.command;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TrainingOptions} and what {@link WorkerCommand} makes of them.
 */
class TrainingOptionsTests {

	private static final JvmCommand MAIN = new JvmCommand("java", List.of(), List.of("-jar", "app.jar"), List.of("-y"));

	@ParameterizedTest
	@ValueSource(strings = { "-javaagent:a.jar", "-agentlib:jdwp=transport=dt_socket,server=y,address=5005",
			"-agentpath:/a.so", "-Xrunjdwp:server=y", "-Xshare:off", "-Xshare:dump", "-XX:SharedArchiveFile=a.jsa",
			"-XX:AOTCache=a.aot", "-XX:AOTMode=off", "-XX:+AutoCreateSharedArchive", "--limit-modules=java.base",
			"--limit-modules", "--patch-module", "--upgrade-module-path=x" })
	void reasonAgainstWhenWorkersCouldUseNoArchiveNamesTheOption(String option) {
		assertThat(TrainingOptions.reasonAgainst(List.of("-Xmx1g", option))).contains(option);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-Xshare:auto", "-Xmx1g", "-XX:+UseZGC", "--add-opens=java.base/java.lang=ALL-UNNAMED",
			"--add-modules=java.sql", "-Xlog:gc:file=gc.log", "-XX:StartFlightRecording=filename=a.jfr" })
	void reasonAgainstWhenWorkersCanUseAnArchiveIsNone(String option) {
		assertThat(TrainingOptions.reasonAgainst(List.of(option))).isNull();
	}

	@Test
	void trainingHasWhatDecidesWhetherTheArchiveFits() {
		WorkerCommand workers = WorkerCommands.of(MAIN, Map.of(), List.of("-XX:+UseZGC", "-Dslot={slot}"));
		WorkerLaunch training = workers.training(MAIN.withOptions(List.of("-Xms1g", "--add-modules", "java.sql")),
				List.of("-XX:ArchiveClassesAtExit=a.jsa"), 4);
		assertThat(training.command()).containsExactly("java", "-Xms1g", "--add-modules", "java.sql",
				"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED",
				"-XX:+ExitOnOutOfMemoryError", "-XX:MaxRAMPercentage=17.50", "-XX:+UseZGC", "-Dslot=0",
				"-XX:ArchiveClassesAtExit=a.jsa", "-jar", "app.jar", "-y");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-Xlog:gc*:file=gc.log", "-Xloggc:gc.log", "-verbose:gc",
			"-Dcom.sun.management.jmxremote.port=9010", "-Dcom.sun.management.jmxremote", "-XX:ErrorFile=e.log",
			"-XX:HeapDumpPath=dumps", "-XX:OnOutOfMemoryError=page", "-XX:ArchiveClassesAtExit=b.jsa",
			"-XX:AOTCacheOutput=b.aot" })
	void trainingHasNothingThatIsInAWorkersWay(String option) {
		WorkerCommand workers = WorkerCommands.of(MAIN, Map.of("JAVA_TOOL_OPTIONS", option + " -Dkept"),
				List.of(option));
		WorkerLaunch training = workers.training(MAIN.withOptions(List.of(option)), List.of(), 2);
		assertThat(training.command()).doesNotContain(option);
		assertThat(training.variables().get("JAVA_TOOL_OPTIONS")).contains("-Dkept").doesNotContain(option);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "-Xlog", "-Xlog:disable", "-Xlog:all=warning:stderr", "-Xlog:aot*=info", "-Xlog:gc,cds=debug" })
	void hasArchiveLogWhenTheUserHasSaidWhatIsLogged(String option) {
		assertThat(TrainingOptions.hasArchiveLog(List.of("-Xmx1g", option))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "-Xlog:gc*:file=gc.log", "-Xloggc:gc.log", "-Dcds=all" })
	void hasArchiveLogWhenTheUserHasSaidNothingAboutItIsFalse(String option) {
		assertThat(TrainingOptions.hasArchiveLog(List.of(option))).isFalse();
	}

	@Test
	void trainingWhenWorkersAreRecordedHasTheModuleButNoRecording() {
		WorkerCommand workers = WorkerCommands.of(MAIN, Map.of(), List.of("-XX:StartFlightRecording=filename=a.jfr"));
		assertThat(workers.training(MAIN, List.of(), 2).command()).contains("--add-modules=jdk.jfr")
			.noneMatch((option) -> option.contains("a.jfr"));
	}

}
