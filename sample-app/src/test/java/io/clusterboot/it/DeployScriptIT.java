package io.clusterboot.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

	private static final String NOTHING = "";

	private final Queue<String> answers = new ConcurrentLinkedQueue<>();

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
		String url = "http://127.0.0.1:%d/actuator/cluster/".formatted(this.server.getAddress().getPort());
		List<String> command = new ArrayList<>(List.of("env", "INTERVAL=0.1", timeout, "CLUSTER_URL=" + url,
				Path.of("deploy.sh").toAbsolutePath().toString()));
		command.addAll(List.of(arguments));
		return Tool.tryRun(command.toArray(String[]::new));
	}

	private void answer(HttpExchange exchange) throws IOException {
		this.requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
		String answer = this.answers.poll();
		if (answer != null && !answer.equals(NOTHING)) {
			byte[] body = answer.substring(4).getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(Integer.parseInt(answer.substring(0, 3)), body.length);
			exchange.getResponseBody().write(body);
		}
		exchange.close();
	}

}
