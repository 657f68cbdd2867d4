package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.clusterboot.it.variant.FailingAutoConfiguration;
import io.clusterboot.it.variant.UnfitAutoConfiguration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code cluster drill} makes of applications that are fit for a cluster, and of
 * those that are not.
 */
class DrillIT {

	private static final Path SCRIPT = Path.of("..", "cluster-cli", "cluster");

	private final ProcessGroup group = new ProcessGroup();

	@TempDir
	private Path directory;

	private Output output;

	@BeforeEach
	void prepare(TestInfo test) {
		this.output = Output.of(test, "");
	}

	@AfterEach
	void assertNothingLeft() throws IOException {
		try {
			Awaitility.await("no process left, see " + this.output.file())
				.untilAsserted(() -> assertThat(this.group.alive()).isEmpty());
			try (Stream<Path> left = Files.list(this.directory)) {
				assertThat(left.map((file) -> file.getFileName().toString()))
					.noneMatch((name) -> name.startsWith("cluster-drill-"));
			}
		}
		finally {
			this.group.killAll();
		}
	}

	@Test
	void sampleIsFit() throws Exception {
		Path jar = SampleJar.copy(this.directory.resolve("app.jar"));
		Tool drill = drill(jar, List.of("--path", "/", "--path", "/slow?ms=300"),
				List.of("--cluster.reload.soak=0s", "--cluster.drain.keep-alive-grace=1s", "--server.port=8080"));
		assertThat(drill.exitCode()).as(drill.output()).isZero();
		assertThat(drill.output()).containsPattern("(?m)^drill of app.jar on port \\d+; .* " + this.output.file())
			.containsPattern("(?m)^start +passed +2 workers ready, each after ")
			.containsPattern("(?m)^load +passed +\\d+ requests, p99 ")
			.containsPattern("(?m)^reload +passed +\\d+ requests, p99 .*, before p99 ")
			.containsPattern("(?m)^kill +passed +worker \\d+ died with \\d+ requests? in flight, another served after ")
			.containsPattern("(?m)^suspend +passed +noticed after \\d+")
			.containsPattern("(?m)^broken jar +passed +half of it: refused .*is not a complete archive.*; "
					+ "without its main class: refused .*ended with exit code 1")
			.containsPattern("(?m)^stop +passed +ended after .*, (\\d+) of \\1 requests? in flight answered")
			.endsWith("passed: as far as this can tell, it is fit for a cluster\n");
		assertThat(this.output.lines("SIGKILL")).hasSizeGreaterThanOrEqualTo(2);
		assertThat(Files.mismatch(jar, SampleJar.original())).isEqualTo(-1);
	}

	@Test
	void unfitApplicationFailsWithThreeFindingsThatNameTheCause() throws Exception {
		Path jar = SampleJar.with(this.directory.resolve("app.jar"), UnfitAutoConfiguration.class);
		Tool drill = drill(jar, List.of("--path", "/", "--path", "/hold"),
				List.of("--sample.lock=" + this.directory.resolve("store"), "--cluster.drain.timeout=4s",
						"--cluster.drain.close-timeout=5s"));
		assertThat(drill.exitCode()).as(drill.output()).isEqualTo(1);
		assertThat(drill.output()).containsPattern("(?m)^reload +skipped")
			.contains("1. start: cannot run twice side by side: java.lang.IllegalStateException: The store ",
					" is locked by another process", "let go of what only one process can have",
					"requests were cut off, because a worker that ends waits no longer than 4 s",
					"/hold takes longer: one had waited for ",
					"UnfitAutoConfiguration.hold(UnfitAutoConfiguration.java:",
					"had to be killed: the application did not close within 5 s",
					"UnfitAutoConfiguration.end(UnfitAutoConfiguration.java:",
					"this goes on: thread \"unfit-work\" at ", "failed: 3 findings");
	}

	@Test
	void applicationThatDoesNotStartFailsAndSaysWhyInJson() throws Exception {
		Path jar = SampleJar.with(this.directory.resolve("app.jar"), FailingAutoConfiguration.class);
		Tool drill = drill(jar, List.of("--json"), List.of());
		assertThat(drill.exitCode()).as(drill.output()).isEqualTo(1);
		assertThat(drill.output()).contains("{\"schema\":1,\"result\":{\"passed\":false,\"application\":",
				"\"name\":\"start\",\"verdict\":\"failed\"", "\"what\":\"does not start: exit code 1\"",
				"This version is broken", "\"name\":\"stop\",\"verdict\":\"skipped\"");
	}

	@Test
	@Tag("nightly")
	void plainApplicationFails() {
		Tool drill = drill(SampleJar.original(), List.of(), List.of("--cluster.workers=0"));
		assertThat(drill.exitCode()).as(drill.output()).isEqualTo(1);
		assertThat(drill.output()).contains("1. start: starts, but not as a cluster", "failed: 1 finding\n");
	}

	@Test
	void drillThatTakesTooLongIsStopped() {
		Tool drill = drill(SampleJar.original(), List.of("--timeout", "3"), List.of());
		assertThat(drill.exitCode()).as(drill.output()).isEqualTo(124);
		assertThat(drill.output()).containsPattern("has not (come|ended) within");
	}

	@Test
	void interruptEndsEverything() {
		try (Tool.Running drill = Tool.start(line(SampleJar.original(), List.of(), List.of()))) {
			Awaitility.await("a worker, see " + this.output.file())
				.atMost(Duration.ofMinutes(1))
				.until(() -> this.output.has("Cluster primary pid=") && this.group.alive().size() >= 3);
			drill.interrupt();
			assertThat(drill.await(Duration.ofSeconds(20)).exitCode()).isEqualTo(130);
		}
	}

	private Tool drill(Path jar, List<String> options, List<String> arguments) {
		return Tool.tryRun(line(jar, options, arguments));
	}

	private String[] line(Path jar, List<String> options, List<String> arguments) {
		List<String> line = new ArrayList<>(List.of("env", "--default-signal=INT", "JAVA_TOOL_OPTIONS=",
				"JDK_JAVA_OPTIONS=" + "-Djava.io.tmpdir=" + this.directory
						+ " -Xmx192m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
				ProcessGroup.VARIABLE + "=" + this.group.mark(), SCRIPT.toString(), "drill", jar.toString(), "--log",
				this.output.file().toString()));
		line.addAll(options);
		line.add("--");
		line.addAll(arguments);
		return line.toArray(String[]::new);
	}

}
