package io.clusterboot.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.clusterboot.it.load.Relay;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nobody reloads, scales or stops the cluster who could not have sent a signal, even
 * where the endpoint is exposed; and whoever does is known by name.
 */
class StrangersIT {

	private static final List<String> OPERATIONS = List.of("shutdown", "reload", "scale", "reloads/1/abort");

	private static ClusterProcess shared;

	@BeforeAll
	static void start(TestInfo test) throws IOException {
		shared = new ClusterLauncher(test)
			.arguments("--sample.faults=true", "--management.endpoints.web.exposure.include=*",
					"--cluster.max-workers=3", "--cluster.reload.soak=0s")
			.start();
		shared.awaitSettled();
	}

	@AfterAll
	static void stop() {
		shared.close();
	}

	@AfterEach
	void nothingHasHappened() {
		ClusterStatus status = shared.awaitSettled();
		assertThat(status.pids()).hasSize(2);
		assertThat(shared.output().has("Cluster stops")).isFalse();
	}

	@Test
	void webHookOfTheApplicationToItsOwnPortIsRefused() {
		for (String operation : OPERATIONS) {
			String url = URLEncoder.encode(url(operation), StandardCharsets.UTF_8);
			assertThat(shared.post("/faults/hook?url=" + url, "").body()).as(operation)
				.startsWith("403 ")
				.contains("is a worker or was started by one");
		}
	}

	@Test
	void anotherUserIsRefusedAndSeesNotWhoReloaded() throws IOException {
		Tool.assumeUsersCanBeSwitched();
		Tool.assumeInstalled("curl");
		ClusterStatus status = shared.awaitReload(shared.reload("{}").id());
		String uid = "uid 0";
		assertThat(shared.get("/actuator/cluster").body()).contains(uid);
		assertThat(run(asNobody(Stream.of("curl", "-sS", url("reloads")))))
			.contains("\"id\":" + status.lastReload().id())
			.doesNotContain(uid);
		for (String operation : OPERATIONS) {
			assertRefused(asNobody(curl(operation)));
		}
	}

	@Test
	void relayThatAddsNothingIsRefusedWhereItIsAnotherUser() throws IOException {
		Tool.assumeUsersCanBeSwitched();
		Tool.assumeInstalled("curl");
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		Process relay = new ProcessBuilder(asNobody(Stream.of(java, "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp",
				Load.classes(), Relay.class.getName(), Integer.toString(shared.port()))))
			.redirectErrorStream(true)
			.start();
		try (BufferedReader output = relay.inputReader()) {
			int port = Integer.parseInt(output.readLine());
			for (String operation : OPERATIONS) {
				assertRefused(
						curl(operation).map((argument) -> argument.replace(":" + shared.port() + "/", ":" + port + "/"))
							.toList());
			}
		}
		finally {
			relay.destroyForcibly();
		}
	}

	@Test
	void pageUnderAnotherNameIsRefusedAndSeesNoMoreThanOthers() {
		Tool.assumeInstalled("curl");
		for (String operation : OPERATIONS) {
			assertRefused(Stream.concat(curl(operation), Stream.of("-H", "Host: evil.example")).toList());
		}
		shared.awaitReload(shared.reload("{}").id());
		assertThat(Tool.run("curl", "-sS", "-H", "Host: evil.example", url("reloads")).output())
			.contains("\"trigger\":\"http\"", "(shown to those who may reload)");
	}

	@Test
	void whoeverMayIsNamedInTheLog() {
		Tool.assumeInstalled("curl");
		assertThat(Tool
			.run("curl", "-sS", "-X", "POST", "-H", "Content-Type: application/json", "-d", "{\"workers\":4}",
					url("scale"))
			.output()).isEqualTo("{\"reason\":\"4 workers are more than 'cluster.max-workers' allows, which is 3.\"}");
		shared.awaitOutput(
				"Scaling refused: 4 workers .* requested by http \\(uid \\d+ \\(.+\\), pid \\d+, 127.0.0.1\\)");
		shared.signal("TTIN");
		shared.signal("TTIN");
		shared.awaitOutput("Scaling refused: 4 workers .* requested by SIGTTIN");
		shared.signal("TTOU");
		shared.awaitOutput("Scaling from 3 to 2 workers");
	}

	private static void assertRefused(List<String> command) {
		assertThat(run(command)).as(() -> String.join(" ", command)).endsWith(" 403");
	}

	private static String run(List<String> command) {
		return Tool.run(command.toArray(String[]::new)).output();
	}

	private static String url(String operation) {
		return "http://localhost:%d/actuator/cluster/%s".formatted(shared.port(), operation);
	}

	private static Stream<String> curl(String operation) {
		return Stream.of("curl", "-sS", "-X", "POST", "-w", " %{http_code}", url(operation));
	}

	private static List<String> asNobody(Stream<String> command) {
		return Stream.concat(Tool.AS_NOBODY.stream(), command).toList();
	}

}
