package io.clusterboot.command;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerCommand} with real JVMs: each begins with a launcher, takes the
 * command line that the launcher finds in its own process, and starts workers with it.
 */
@Timeout(60)
class WorkerProcessTests {

	private static final String[] ADDED = { "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
			"--enable-native-access=ALL-UNNAMED", "-XX:+ExitOnOutOfMemoryError", "-Dcluster.worker.id=1" };

	@TempDir
	private Path directory;

	@Test
	void workerWhenClassPathLaunchIsLikeTheLauncher() throws IOException {
		List<String> command = List.of(EchoProcess.JAVA, "-Dtest.property=a \"b\"  c", "-cp", EchoProcess.CLASS_PATH,
				EchoProcess.MAIN, "", "a b", "it's", "-Xmx1g", "@x", "");
		assertWorkerIsLikeLauncher(command, Map.of());
	}

	@Test
	void workerWhenArgumentFileIsLikeTheLauncher() throws IOException {
		Files.writeString(this.directory.resolve("options"), "-cp \"" + EchoProcess.CLASS_PATH
				+ "\"\n\"-Dtest.property=a \\\"b\\\" 'c'\" # comment\n" + EchoProcess.MAIN + " '' 'a b'");
		assertWorkerIsLikeLauncher(List.of(EchoProcess.JAVA, "-XX:+UseSerialGC", "@options", "@options"), Map.of());
	}

	@Test
	void workerWhenOptionsComeFromVariablesIsLikeTheLauncher() throws IOException {
		Path options = Files.writeString(this.directory.resolve("options"), "-Dfrom.file='a b'");
		assertWorkerIsLikeLauncher(List.of(EchoProcess.JAVA, "-cp", EchoProcess.CLASS_PATH, EchoProcess.MAIN, "a"),
				Map.of("JAVA_TOOL_OPTIONS", "-Dtest.property='a \"b\"'", "JDK_JAVA_OPTIONS", "-Dx=\"y z\" @" + options,
						"_JAVA_OPTIONS", "-Dv=w"));
	}

	@Test
	void workersWhenToolOptionsHaveADebuggerPortRunTogether() throws IOException {
		int port = freePorts();
		String debugger = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:";
		Map<String, String> variables = Map.of("JAVA_TOOL_OPTIONS", debugger + port);
		WorkerCommand command = WorkerCommands.of(launcher(variables), variables, List.of());
		List<EchoProcess> workers = new ArrayList<>();
		try {
			for (int slot = 0; slot < 2; slot++) {
				workers.add(EchoProcess.start(this.directory, command.launch(new WorkerPlace(slot + 1, slot, 1, 2))));
			}
			workers.add(EchoProcess.start(this.directory, command.launch(new WorkerPlace(3, 0, 2, 2))));
			assertThat(workers).allMatch(EchoProcess::isAlive);
			for (int index = 0; index < workers.size(); index++) {
				assertThat(workers.get(index).output())
					.containsExactly("Listening for transport dt_socket at address: " + (port + 1 + index));
			}
		}
		finally {
			workers.forEach(EchoProcess::close);
		}
	}

	@Test
	void workersWithJmxPortsAndFilesRunTogether() throws IOException {
		int port = freePorts();
		Map<String, String> variables = Map.of("JDK_JAVA_OPTIONS", "'-Xlog:gc*:file=my gc.log'");
		JvmCommand launcher = launcher(variables, "-Dcom.sun.management.jmxremote.port=" + port,
				"-Dcom.sun.management.jmxremote.rmi.port=" + (port + 1),
				"-Dcom.sun.management.jmxremote.authenticate=false", "-Dcom.sun.management.jmxremote.ssl=false",
				"-Dcom.sun.management.jmxremote.host=127.0.0.1", "-XX:StartFlightRecording:filename=rec.jfr",
				"-Xlog:jfr*=off");
		WorkerCommand command = WorkerCommands.of(launcher, variables, List.of());
		try (EchoProcess first = EchoProcess.start(this.directory, command.launch(new WorkerPlace(1, 0, 1, 2)));
				EchoProcess second = EchoProcess.start(this.directory, command.launch(new WorkerPlace(2, 1, 1, 2)))) {
			assertThat(List.of(first, second)).allMatch(EchoProcess::isAlive);
			assertThat(first.all("input")).contains("-Dcom.sun.management.jmxremote.port=" + (port + 1),
					"-XX:StartFlightRecording:filename=rec-w0.jfr");
			assertThat(second.all("input")).contains("-Dcom.sun.management.jmxremote.port=" + (port + 4),
					"-XX:StartFlightRecording:filename=rec-w1.jfr");
			assertThat(this.directory.resolve("my gc-w0.log")).isNotEmptyFile();
			assertThat(this.directory.resolve("my gc-w1.log")).isNotEmptyFile();
			assertThat(this.directory.resolve("my gc.log.0")).doesNotExist();
		}
	}

	private JvmCommand launcher(Map<String, String> variables, String... options) throws IOException {
		List<String> command = new ArrayList<>(List.of(EchoProcess.JAVA, "-cp", EchoProcess.CLASS_PATH));
		command.addAll(List.of(options));
		command.addAll(List.of(EchoProcess.MAIN, "a"));
		try (EchoProcess launcher = EchoProcess.start(this.directory, variables, command)) {
			return launcher.command();
		}
	}

	private void assertWorkerIsLikeLauncher(List<String> command, Map<String, String> variables) throws IOException {
		try (EchoProcess launcher = EchoProcess.start(this.directory, variables, command)) {
			WorkerLaunch launch = WorkerCommands.of(launcher.command(), variables, List.of())
				.launch(new WorkerPlace(1, 0, 1, 2));
			try (EchoProcess worker = EchoProcess.start(this.directory, launch)) {
				assertThat(worker.all("received")).isNotEmpty().isEqualTo(launcher.all("received"));
				assertThat(worker.all("property")).isEqualTo(launcher.all("property"));
				assertThat(worker.all("input")).containsAll(launcher.all("input")).contains(ADDED);
				assertThat(worker.all("input")).filteredOn((option) -> !List.of(ADDED).contains(option))
					.isEqualTo(launcher.all("input"));
			}
		}
	}

	// Below the range from which the kernel takes ports for outgoing connections
	private static int freePorts() {
		return new Random().ints(20000, 30000)
			.filter((port) -> IntStream.range(port, port + 8).allMatch(WorkerProcessTests::isFree))
			.findFirst()
			.orElseThrow();
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
			return socket.isBound();
		}
		catch (IOException ex) {
			return false;
		}
	}

}
