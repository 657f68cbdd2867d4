package io.clusterboot.command;

import java.util.List;
import java.util.Map;

import io.clusterboot.contract.WorkerIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerCommand}.
 */
class WorkerCommandTests {

	private static final WorkerPlace PLACE = new WorkerPlace(7, 1, 1, 2);

	private static final String ADD_OPENS = "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED";

	private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

	private static final String EXIT = "-XX:+ExitOnOutOfMemoryError";

	@Test
	void launchAddsOptionsBetweenThoseOfTheUserAndMain() {
		WorkerCommand command = WorkerCommands.of(command("-Xmx1g", "-cp", "a b"), Map.of(), List.of("-Dx"));
		assertThat(command.launch(PLACE)).isEqualTo(new WorkerLaunch(
				List.of("java", "-Xmx1g", "-cp", "a b", ADD_OPENS, NATIVE_ACCESS, EXIT, "-Dcluster.worker.id=7", "-Dx",
						"-jar", "app.jar", "", "-y"),
				9, Map.of("CLUSTER_WORKER_NAME", "w1", "CLUSTER_WORKER_OFFSET", "1")));
	}

	@Test
	void launchPutsPrefixBeforeTheExecutable() {
		WorkerCommand command = WorkerCommands.of(command("-Xmx1g"), Map.of(), List.of(),
				List.of("taskset", "-c", "{slot}", "--x={id}"), 0);
		assertThat(command.launch(PLACE).command()).startsWith("taskset", "-c", "1", "--x=7", "java", "-Xmx1g");
		assertThat(command.training(command("-Xmx1g"), List.of("-Dtraining"), 2).command())
			.startsWith("taskset", "-c", "0", "--x=0", "java", "-Xmx1g")
			.contains("-Dtraining");
	}

	@Test
	void launchWhenProcessorsAreSetTellsThemToWorkersAndTraining() {
		WorkerCommand command = WorkerCommands.of(command(), Map.of(), List.of(), List.of(), 3);
		assertThat(command.launch(PLACE).command()).contains("-XX:ActiveProcessorCount=3");
		assertThat(command.training(command(), List.of(), 2).command()).contains("-XX:ActiveProcessorCount=3");
		assertThat(WorkerCommands.of(command(), Map.of(), List.of()).launch(PLACE).command())
			.noneMatch((argument) -> argument.contains("ActiveProcessorCount"));
	}

	@Test
	void launchWhenNothingIsSaidOfProcessorsTellsWhatThereIsUnlessAPrefixMayChangeIt() {
		String all = "-XX:ActiveProcessorCount=" + Runtime.getRuntime().availableProcessors();
		assertThat(new WorkerCommand(command(), Map.of(), List.of(), List.of(), 0, 0).launch(PLACE).command())
			.contains(all);
		assertThat(new WorkerCommand(command(), Map.of(), List.of(), List.of("taskset", "1"), 0, 0).launch(PLACE)
			.command()).noneMatch((argument) -> argument.contains("ActiveProcessorCount"));
	}

	@Test
	void launchWhenProcessorsAreGivenAnywhereLeavesThem() {
		String option = "-XX:ActiveProcessorCount=1";
		for (WorkerCommand command : List.of(WorkerCommands.of(command(option), Map.of(), List.of(), List.of(), 3),
				WorkerCommands.of(command(), Map.of("JAVA_TOOL_OPTIONS", option), List.of(), List.of(), 3),
				WorkerCommands.of(command(), Map.of(), List.of(option), List.of(), 3))) {
			assertThat(command.launch(PLACE).command()).doesNotContain("-XX:ActiveProcessorCount=3");
		}
	}

	@ParameterizedTest
	@CsvSource({ "512,3,20.42", "1024,4,16.41", "16384,4,17.43", "100,2,17.50" })
	void launchLeavesRoomForThePrimary(long megabytes, int workers, String percentage) {
		WorkerCommand command = WorkerCommands.of(command(), Map.of(), List.of(), List.of(), 0,
				megabytes * 1024 * 1024);
		assertThat(command.launch(new WorkerPlace(7, 0, 1, workers)).command())
			.contains("-XX:MaxRAMPercentage=" + percentage);
	}

	@Test
	void launchLeavesRoomForALargeStoreOfThePrimary() {
		long megabyte = 1024 * 1024;
		WorkerCommand command = new WorkerCommand(command(), Map.of(), List.of(), List.of(), () -> 0,
				() -> 1024 * megabyte, (16 + 256) * megabyte);
		assertThat(command.launch(new WorkerPlace(7, 0, 1, 4)).command()).contains("-XX:MaxRAMPercentage=12.03");
	}

	@ParameterizedTest
	@CsvSource({ "3,23.33", "64,1.09" })
	void launchWhenHeapIsNotLimitedSharesTheMemory(int workers, String percentage) {
		WorkerCommand command = WorkerCommands.of(command("-Xms64m"), Map.of(), List.of());
		assertThat(command.launch(new WorkerPlace(7, 0, 1, workers)).command())
			.contains("-XX:MaxRAMPercentage=" + percentage);
	}

	@ParameterizedTest
	@CsvSource({ "1,16384", "2,16384", "2,512" })
	void launchWhenTheShareIsMoreThanAnyJvmTakesLeavesTheHeapToTheJvm(int workers, long megabytes) {
		WorkerCommand command = WorkerCommands.of(command(), Map.of(), List.of(), List.of(), 0,
				megabytes * 1024 * 1024);
		assertThat(command.launch(new WorkerPlace(7, 0, 1, workers)).command())
			.noneMatch((argument) -> argument.startsWith("-XX:MaxRAMPercentage"));
	}

	@Test
	void launchWhenTheNumberOfWorkersChangesSharesTheMemoryAnew() {
		WorkerCommand command = WorkerCommands.of(command(), Map.of(), List.of());
		assertThat(command.launch(new WorkerPlace(1, 0, 1, 3)).command()).contains("-XX:MaxRAMPercentage=23.33");
		assertThat(command.launch(new WorkerPlace(3, 2, 1, 4)).command()).contains("-XX:MaxRAMPercentage=17.50");
		assertThat(command.launch(new WorkerPlace(4, 0, 2, 1)).command())
			.noneMatch((argument) -> argument.startsWith("-XX:MaxRAMPercentage"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "-Xmx1g", "-mx1g", "-XX:MaxHeapSize=1g", "-XX:MaxRAMPercentage=50", "-XX:MaxRAMFraction=2",
			"-XX:+AggressiveHeap" })
	void launchWhenHeapIsLimitedAnywhereLeavesIt(String option) {
		assertThat(launchedWithout(option))
			.noneMatch((argument) -> argument.startsWith("-XX:MaxRAMPercentage") && !argument.equals(option));
	}

	@ParameterizedTest
	@ValueSource(strings = { "-XX:+ExitOnOutOfMemoryError", "-XX:-ExitOnOutOfMemoryError",
			"-XX:+CrashOnOutOfMemoryError", "-XX:-CrashOnOutOfMemoryError", "-XX:OnOutOfMemoryError=gcore %p" })
	void launchWhenOutOfMemoryIsHandledAnywhereLeavesIt(String option) {
		assertThat(launchedWithout(option)).noneMatch((argument) -> argument.equals(EXIT) && !argument.equals(option));
	}

	@Test
	void launchReplacesPlaceholdersInJvmArguments() {
		WorkerCommand command = WorkerCommands.of(command(), Map.of(),
				List.of("-Dplace={slot}/{id}", "-Xlog:gc:file=gc{slot}.log", "-Xlog:gc:file=gc.log"));
		assertThat(command.launch(PLACE).command()).contains("-Dplace=1/7", "-Xlog:gc:file=gc1.log",
				"-Xlog:gc:file=gc-w1.log");
	}

	@Test
	void launchWhenWorkerIsASpareNamesItsFilesAsThat() {
		WorkerCommand command = WorkerCommands.of(command("-Xlog:gc:file=gc.log"), Map.of(),
				List.of("-Dplace={slot}/{id}", "-XX:HeapDumpPath=oom.hprof"));
		WorkerLaunch launch = command.launch(new WorkerPlace(7, WorkerIdentity.NO_SLOT, 1, 3));
		assertThat(launch.command()).contains("-Dplace=spare-1/7", "-Xlog:gc:file=gc-spare-1.log",
				"-XX:HeapDumpPath=oom-spare-1.hprof");
		assertThat(launch.variables()).containsEntry("CLUSTER_WORKER_NAME", "spare-1");
	}

	@Test
	void launchWhenOldWorkerIsAliveNamesOtherFiles() {
		WorkerCommand command = WorkerCommands.of(command("-Xlog:gc:file=gc.log"), Map.of(), List.of());
		assertThat(command.launch(new WorkerPlace(1, 0, 1, 2)).command()).contains("-Xlog:gc:file=gc-w0.log");
		WorkerLaunch second = command.launch(new WorkerPlace(2, 0, 2, 2));
		assertThat(second.command()).contains("-Xlog:gc:file=gc-w0-2.log");
		assertThat(second.variables()).containsEntry("CLUSTER_WORKER_NAME", "w0-2");
		command.exited(1);
		assertThat(command.launch(new WorkerPlace(3, 0, 2, 2)).command()).contains("-Xlog:gc:file=gc-w0.log");
	}

	@Test
	void launchKeepsPlaceholdersElsewhere() {
		WorkerCommand command = WorkerCommands.of(command("-Dx={slot}"), Map.of(), List.of());
		assertThat(command.launch(PLACE).command()).contains("-Dx={slot}");
	}

	@Test
	void launchRewritesVariables() {
		WorkerCommand command = WorkerCommands.of(command(),
				Map.of("JAVA_TOOL_OPTIONS", "-agentlib:jdwp=transport=dt_socket,server=y,address=*:5005  -Da='b c'",
						"JDK_JAVA_OPTIONS", "'-Xlog:gc:file=my gc.log'", "_JAVA_OPTIONS", "-XX:ArchiveClassesAtExit=x"),
				List.of());
		assertThat(command.launch(PLACE).variables()).isEqualTo(
				Map.of("JAVA_TOOL_OPTIONS", "-agentlib:jdwp=transport=dt_socket,server=y,address=*:5007  -Da='b c'",
						"JDK_JAVA_OPTIONS", "\"-Xlog:gc:file=my gc-w1.log\"", "_JAVA_OPTIONS", "",
						"CLUSTER_WORKER_NAME", "w1", "CLUSTER_WORKER_OFFSET", "1"));
	}

	@Test
	void launchWhenOldWorkerIsAliveGivesOtherPorts() {
		WorkerCommand command = WorkerCommands.of(
				command("-agentlib:jdwp=server=y,address=5005", "-Dcom.sun.management.jmxremote.port=9010"), Map.of(),
				List.of("-Dcom.sun.management.jmxremote.rmi.port=9020"));
		assertThat(command.launch(new WorkerPlace(1, 0, 1, 2)).command()).contains(
				"-agentlib:jdwp=server=y,address=5006", "-Dcom.sun.management.jmxremote.port=9011",
				"-Dcom.sun.management.jmxremote.rmi.port=9021");
		assertThat(command.launch(new WorkerPlace(2, 0, 2, 2)).command()).contains(
				"-agentlib:jdwp=server=y,address=5008", "-Dcom.sun.management.jmxremote.port=9013",
				"-Dcom.sun.management.jmxremote.rmi.port=9023");
		command.exited(1);
		assertThat(command.launch(new WorkerPlace(3, 0, 3, 2)).command())
			.contains("-agentlib:jdwp=server=y,address=5006");
	}

	@Test
	void launchWhenPortsAreNeighboursDoesNotGiveOneTwice() {
		WorkerCommand command = WorkerCommands.of(
				command("-Dcom.sun.management.jmxremote.port=9010", "-Dcom.sun.management.jmxremote.rmi.port=9011"),
				Map.of(), List.of());
		assertThat(command.launch(new WorkerPlace(1, 0, 1, 2)).command())
			.contains("-Dcom.sun.management.jmxremote.port=9011", "-Dcom.sun.management.jmxremote.rmi.port=9012");
		assertThat(command.launch(new WorkerPlace(2, 1, 1, 2)).command())
			.contains("-Dcom.sun.management.jmxremote.port=9014", "-Dcom.sun.management.jmxremote.rmi.port=9015");
	}

	private static List<String> launchedWithout(String option) {
		List<WorkerCommand> commands = List.of(WorkerCommands.of(command(option), Map.of(), List.of()),
				WorkerCommands.of(command(), Map.of("_JAVA_OPTIONS", "-Dx '" + option + "'"), List.of()),
				WorkerCommands.of(command(), Map.of(), List.of(option)));
		return commands.stream().flatMap((command) -> command.launch(PLACE).command().stream()).toList();
	}

	private static JvmCommand command(String... options) {
		return new JvmCommand("java", List.of(options), List.of("-jar", "app.jar"), List.of("", "-y"));
	}

}
