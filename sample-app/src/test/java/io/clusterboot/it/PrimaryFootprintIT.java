package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The primary is small, and needs nothing of the application once it runs.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PrimaryFootprintIT {

	@TempDir
	private static Path directory;

	private static Path jar;

	private static ClusterProcess shared;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		jar = SampleJar.copy(directory.resolve("live.jar"));
		// What a user sets is for the workers and must not make the primary any bigger
		shared = new ClusterLauncher(test).moreJvmOptions("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch")
			.jar(jar)
			.arguments("--cluster.staging.enabled=false")
			.start();
		shared.awaitSettled();
	}

	@AfterAll
	static void stop() {
		shared.close();
	}

	@Test
	@Order(1)
	void primaryIsSmallAfterReloadsAndCrashes() throws IOException {
		shared.awaitReload(shared.reload("").id());
		shared.awaitReload(shared.reload("{\"strategy\":\"parallel\"}").id());
		ClusterStatus.Worker victim = shared.awaitSettled().worker(1);
		ClusterProcess.signal(victim.pid(), "KILL");
		shared.await("replacement")
			.until(shared::status, (status) -> status.isSettled() && status.worker(1).id() > victim.id());
		assertThat(shared.residentKilobytes()).isLessThanOrEqualTo(ClusterProcess.PRIMARY_LIMIT);
	}

	@Test
	@Order(2)
	void primaryHasNoClassOfSpringTomcatOrTheUser() {
		String classes = Tool
			.run(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(shared.pid()),
					"VM.class_hierarchy", "-i")
			.output();
		assertThat(classes).contains("io.clusterboot.primary.")
			.doesNotContain("org.springframework", "org.apache", "io.clusterboot.sample", "io.clusterboot.web",
					"io.clusterboot.worker", "org.slf4j", "ch.qos.logback", "tools.jackson");
	}

	@Test
	@Order(3)
	void primaryHasNoFileOfTheApplicationOpen() throws IOException {
		assertThat(Files.readString(Path.of("/proc/" + shared.pid() + "/maps"))).doesNotContain(jar.toString());
		List<String> open = Tool.run("ls", "-l", "/proc/" + shared.pid() + "/fd").output().lines().toList();
		assertThat(open).noneMatch((line) -> line.contains(jar.toString()));
	}

	@Test
	@Order(4)
	void jarMayBeDeletedAndEverythingButNewWorkersGoesOn() throws IOException {
		ClusterStatus before = shared.awaitSettled();
		Files.delete(jar);
		ClusterStatus.Worker victim = before.worker(1);
		ClusterProcess.signal(victim.pid(), "KILL");
		shared.awaitOutput("pid=" + victim.pid() + " exited: .*SIGKILL");
		shared.awaitOutput("slot=1 gen=\\d+ pid=\\d+ exited: .*exit code 1");
		ClusterStatus after = shared.status();
		assertThat(after.worker(0).pid()).isEqualTo(before.worker(0).pid());
		for (int i = 0; i < 20; i++) {
			assertThat(shared.get("/").pid()).isEqualTo(before.worker(0).pid());
		}
		shared.signal("TERM");
		assertThat(shared.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
	}

}
