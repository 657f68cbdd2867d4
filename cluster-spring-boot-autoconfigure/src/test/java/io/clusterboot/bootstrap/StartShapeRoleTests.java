package io.clusterboot.bootstrap;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the role in JVMs of their own, started in the ways applications are started.
 */
class StartShapeRoleTests {

	private static final String PRIMARY = "PRIMARY DEBUG the main method of this process runs the application";

	private static final String WORKER = "WORKER DEBUG a primary started this process";

	private static final String NESTED = "NONE DEBUG another application runs this one";

	private static final String NOT_WEB = "NONE WARN this is not a web application";

	private static final Map<String, String> WORKER_VARIABLES = Map.of("CLUSTER_WORKER_ID", "1", "CLUSTER_WORKER_SLOT",
			"0", "CLUSTER_WORKER_GENERATION", "1", "CLUSTER_PRIMARY_PID", Long.toString(ProcessHandle.current().pid()));

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "plain", "static", "subclass", "reflective", "builder", "builder-child", "from" })
	void mainIsPrimaryBeforeAnythingIsBuilt(String shape) throws Exception {
		assertThat(roles(Map.of(), List.of(), shape)).containsExactly(PRIMARY);
	}

	@Test
	void bootstrapContextStaysOut() throws Exception {
		assertThat(roles(Map.of(), List.of(), "bootstrap-context")).containsExactly(NESTED, PRIMARY);
	}

	@Test
	void sideApplicationStaysOut() throws Exception {
		assertThat(roles(Map.of(), List.of(), "side-application-first")).containsExactly(NOT_WEB, PRIMARY);
	}

	@ParameterizedTest
	@ValueSource(strings = { "thread", "thread-named-main" })
	void threadStaysOut(String shape) throws Exception {
		String thread = shape.equals("thread") ? "starter" : "main";
		assertThat(roles(Map.of(), List.of(), shape)).containsExactly("NONE WARN the application is run on thread '"
				+ thread + "', not by the main method on the main thread");
	}

	@Test
	void aotProcessingStaysOut() throws Exception {
		assertThat(roles(Map.of(), List.of("-Dspring.aot.processing=true"), "plain"))
			.containsExactly("NONE DEBUG the application is being processed ahead of time");
	}

	@Test
	void trainingRunStaysOut() throws Exception {
		assertThat(roles(Map.of(), List.of("-Dspring.context.exit=onRefresh"), "plain"))
			.containsExactly("NONE WARN this run prepares an archive, a cache or a checkpoint for later ones");
	}

	@Test
	void debugSessionOfIdeStaysOut() throws Exception {
		try (ServerSocket debugger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			Thread thread = new Thread(() -> shakeHands(debugger), "debugger");
			thread.start();
			Map<String, String> variables = Map.of("JAVA_TOOL_OPTIONS",
					"-agentlib:jdwp=transport=dt_socket,suspend=n,address=127.0.0.1:" + debugger.getLocalPort());
			assertThat(roles(variables, List.of(), "plain")).singleElement()
				.asString()
				.startsWith("NONE WARN the JVM is connected to a debugger");
			thread.join();
		}
	}

	@Test
	void processOfPrimaryIsWorker() throws Exception {
		assertThat(roles(WORKER_VARIABLES, List.of("-Dcluster.worker.id=1"), "plain")).containsExactly(WORKER);
	}

	@Test
	void processWithLeakedVariablesIsPrimary() throws Exception {
		Map<String, String> variables = Map.of("CLUSTER_WORKER_ID", "1", "CLUSTER_PRIMARY_PID", "1");
		assertThat(roles(variables, List.of(), "plain")).containsExactly(PRIMARY);
	}

	@Test
	void childOfBuilderIsWorker() throws Exception {
		assertThat(roles(WORKER_VARIABLES, List.of("-Dcluster.worker.id=1"), "builder-child"))
			.containsExactly("NONE DEBUG this is the parent of the application that serves", WORKER);
	}

	@Test
	void applicationAroundBootstrapContextIsWorker() throws Exception {
		assertThat(roles(WORKER_VARIABLES, List.of("-Dcluster.worker.id=1"), "bootstrap-context"))
			.containsExactly(NESTED, WORKER);
	}

	@Test
	void applicationAfterSideApplicationIsWorker() throws Exception {
		assertThat(roles(WORKER_VARIABLES, List.of("-Dcluster.worker.id=1"), "side-application-first"))
			.containsExactly(NOT_WEB, WORKER);
	}

	@Test
	void firstOfTwoApplicationsIsWorker() throws Exception {
		assertThat(roles(WORKER_VARIABLES, List.of("-Dcluster.worker.id=1"), "two-applications"))
			.containsExactly(WORKER, "NONE DEBUG another application of this worker serves");
	}

	private List<String> roles(Map<String, String> variables, List<String> jvmArguments, String shape)
			throws IOException, InterruptedException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Drole-recorder=print",
				"-Dspring.main.banner-mode=off"));
		command.addAll(jvmArguments);
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), StartShapes.class.getName(), shape));
		Path output = this.directory.resolve("output.txt");
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
		builder.environment().keySet().removeIf((name) -> name.startsWith("CLUSTER_"));
		builder.environment().putAll(variables);
		Process process = builder.start();
		try {
			assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(() -> read(output)).isTrue();
			assertThat(process.exitValue()).as(() -> read(output)).isZero();
		}
		finally {
			process.destroyForcibly().waitFor();
		}
		return read(output).lines()
			.filter((line) -> line.startsWith("ROLE "))
			.map((line) -> line.substring("ROLE ".length()))
			.toList();
	}

	private void shakeHands(ServerSocket debugger) {
		try (Socket socket = debugger.accept()) {
			socket.getOutputStream().write("JDWP-Handshake".getBytes(StandardCharsets.US_ASCII));
			socket.getInputStream().transferTo(OutputStream.nullOutputStream());
		}
		catch (IOException ex) {
			// The JVM under test says what is wrong
		}
	}

	private String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
