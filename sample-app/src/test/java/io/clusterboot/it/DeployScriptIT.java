package io.clusterboot.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code deploy.sh} makes of answers that a cluster rarely gives.
 */
class DeployScriptIT {

	private static final String RUNNING = """
			200 {"id":3,"status":"running","reason":null,"toGeneration":4,"steps":[],\
			"canary":{"worker":7,"until":"2026-11-20T10:05:13Z"}}""";

	private static final String SUCCEEDED = """
			200 {"id":3,"status":"succeeded","reason":null,"toGeneration":4,"steps":[]}""";

	private static final String FAILED = """
			200 {"id":3,"status":"failed","reason":"broken","fromGeneration":1,"steps":[]}""";

	private static final String NOTHING = "";

	private final Queue<String> answers = new ConcurrentLinkedQueue<>();

	private volatile String otherwise = NOTHING;

	private final List<String> requests = new CopyOnWriteArrayList<>();

	@TempDir
	private Path directory;

	private HttpServer server;

	@BeforeEach
	void start() throws IOException {
		Tool.assumeInstalled("curl", "jq");
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/", this::answer);
		this.server.start();
	}

	@AfterEach
	void stop() {
		if (this.server != null) {
			this.server.stop(0);
		}
	}

	@Test
	void singleErrorsWhilePollingDoNotMatter() {
		this.answers.addAll(List.of("202 {\"id\":3}", RUNNING, "503 {\"reason\":\"Wait\"}", NOTHING, RUNNING,
				"200 <html>", SUCCEEDED));
		Tool deploy = deploy("TIMEOUT=60");
		assertThat(deploy.exitCode()).as(deploy.output()).isZero();
		assertThat(deploy.output()).containsOnlyOnce("worker 7 is compared with the others until")
			.endsWith("Reload 3 succeeded: generation 4 is live\n");
		assertThat(this.requests).startsWith("POST /actuator/cluster/reload", "GET /actuator/cluster/reloads/3");
	}

	@Test
	void failedReloadPrintsTheReasonAndWhatTheWorkerPrinted() {
		this.answers.addAll(List.of("202 {\"id\":3}", """
				200 {"id":3,"status":"rolled-back","reason":"worker 7 of slot 0 ended","fromGeneration":1,\
				"steps":[],"output":["one \\"line\\"","\\tand $(another)"]}"""));
		Tool deploy = deploy("TIMEOUT=60");
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).endsWith("""
				Reload 3 rolled-back: worker 7 of slot 0 ended
				Output of the worker:
				  | one "line"
				  | \tand $(another)
				deploy: generation 1 is live
				""");
	}

	@Test
	void reloadThatDoesNotEndIsNotWaitedForLongerThanToldTo() {
		this.answers.add("202 {\"id\":3}");
		for (int i = 0; i < 30; i++) {
			this.answers.add(RUNNING);
		}
		Tool deploy = deploy("TIMEOUT=2");
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains("reload 3 did not end within 2 s", "/reloads/3/abort");
	}

	@Test
	void refusedReloadSaysWhyAndTakesTheJarBack() throws IOException {
		this.answers.add("403 {\"reason\":\"The caller may not.\"}");
		Path next = Files.writeString(this.directory.resolve("next"), "new");
		Path live = Files.writeString(this.directory.resolve("live"), "old");
		Tool deploy = deploy("TIMEOUT=60", next.toString(), live.toString());
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).endsWith("deploy: no reload was begun: The caller may not.\n");
		assertThat(live).hasContent("old");
		assertThat(this.requests).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void deploysOfTheSameJarNeverMix(boolean flock) throws IOException {
		Path first = Files.writeString(this.directory.resolve("first"), "first");
		Path second = Files.writeString(this.directory.resolve("second"), "second");
		Path live = Files.writeString(this.directory.resolve("live"), "old");
		String path = "PATH=" + tools(flock);
		this.otherwise = RUNNING;
		this.answers.add("202 {\"id\":3}");
		try (Tool.Running running = Tool.start(command("TIMEOUT=60", path, first.toString(), live.toString()))) {
			Awaitility.await().until(() -> this.requests.size() > 1);
			Tool impatient = Tool.tryRun(command("TIMEOUT=1", path, second.toString(), live.toString()));
			assertThat(impatient.exitCode()).as(impatient.output()).isEqualTo(75);
			assertThat(impatient.output()).startsWith("Waiting for another deploy of " + live + "\n"
					+ "deploy: nothing was done: another deploy of " + live + " did not end within 1 s");
			assertThat(live).hasContent("first");
			assertThat(this.requests).containsOnlyOnce("POST /actuator/cluster/reload");
			try (Tool.Running waiting = Tool.start(command("TIMEOUT=60", path, second.toString(), live.toString()))) {
				this.answers.addAll(List.of(FAILED, "202 {\"id\":3}", SUCCEEDED));
				assertThat(running.await(Duration.ofMinutes(1)).output()).contains(live + " is the old jar again");
				Tool done = waiting.await(Duration.ofMinutes(1));
				assertThat(done.exitCode()).as(done.output()).isZero();
			}
		}
		assertThat(live).hasContent("second");
		assertThat(Path.of(live + ".previous")).hasContent("old");
		assertThat(Path.of(live + ".lock.d")).doesNotExist();
	}

	@Test
	void answerThatGetsLostIsNoReasonToReloadTwice() {
		this.answers.add(NOTHING);
		Tool deploy = deploy("TIMEOUT=60");
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains("no reload was begun: status 000, curl: ");
		assertThat(this.requests).hasSize(1);
	}

	@Test
	void clusterThatIsNotThereIsAFailure() {
		stop();
		Tool deploy = deploy("TIMEOUT=2");
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains("no reload was begun", "onnect");
	}

	@Test
	void mistakesInTheCommandLineAreToldBeforeAnythingHappens() {
		assertThat(deploy("TIMEOUT=soon").output()).contains("TIMEOUT must be a number of seconds, not 'soon'");
		assertThat(deploy("INTERVAL=often").output()).contains("INTERVAL must be a number of seconds, not 'often'");
		assertThat(deploy("TIMEOUT=60", "one.jar").output()).contains("Usage: deploy.sh");
		assertThat(deploy("TIMEOUT=60", "missing.jar", "live.jar").output()).contains("there is no missing.jar");
		assertThat(this.requests).isEmpty();
	}

	private Tool deploy(String timeout, String... arguments) {
		return Tool.tryRun(command(timeout, "LANG=C", arguments));
	}

	private String[] command(String timeout, String variable, String... arguments) {
		String url = "http://127.0.0.1:%d/actuator/cluster/".formatted(this.server.getAddress().getPort());
		List<String> command = new ArrayList<>(List.of("env", "INTERVAL=0.1", timeout, "CLUSTER_URL=" + url, variable,
				Path.of("deploy.sh").toAbsolutePath().toString()));
		command.addAll(List.of(arguments));
		return command.toArray(String[]::new);
	}

	// All that the script needs, with or without the one that not every system has
	private Path tools(boolean flock) throws IOException {
		Path tools = Files.createDirectory(this.directory.resolve("tools"));
		for (String tool : List.of("bash", "cp", "curl", "jq", "ln", "mkdir", "mv", "rm", "rmdir", "sleep", "flock")) {
			if (flock || !tool.equals("flock")) {
				Files.createSymbolicLink(tools.resolve(tool), Tool.find(tool));
			}
		}
		return tools;
	}

	private void answer(HttpExchange exchange) throws IOException {
		this.requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
		String answer = Objects.requireNonNullElse(this.answers.poll(), this.otherwise);
		if (!answer.equals(NOTHING)) {
			byte[] body = answer.substring(4).getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(Integer.parseInt(answer.substring(0, 3)), body.length);
			exchange.getResponseBody().write(body);
		}
		exchange.close();
	}

}
