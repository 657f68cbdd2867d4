package io.clusterboot.it;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * All the ways to start an application end in a cluster whose workers are started the
 * same way.
 */
class LaunchShapesIT {

	private static final String MAIN = "io.clusterboot.sample.SampleApplication";

	@TempDir
	private Path directory;

	@Test
	@Tag("nightly")
	void classPath(TestInfo test) throws IOException {
		try (ClusterProcess cluster = new ClusterLauncher(test).application("-cp", classPath(), MAIN)
			.workers("1")
			.start()) {
			assertCluster(cluster);
		}
	}

	@Test
	void argumentFile(TestInfo test) throws IOException {
		Path options = this.directory.resolve("options");
		Files.writeString(options, """
				# options of the JVM
				-Dsample.version="two words"
				-cp "%s" %s
				""".formatted(classPath(), MAIN));
		try (ClusterProcess cluster = new ClusterLauncher(test).application("@" + options).workers("1").start()) {
			assertCluster(cluster);
			assertThat(cluster.get("/").body()).endsWith("version=two words");
		}
	}

	@Test
	void emptyAndUnusualArgumentsAndAnApplicationThatReadsStandardInputBeforeItStarts(TestInfo test)
			throws IOException {
		ClusterLauncher launcher = new ClusterLauncher(test).workers("1")
			.moreJvmOptions("-Dsample.console=true")
			.arguments("", "--sample.version=a 'b' \"c\" $d *", "");
		try (ClusterProcess cluster = launcher.start()) {
			assertCluster(cluster);
			assertThat(cluster.get("/").body()).endsWith("version=a 'b' \"c\" $d *");
			for (long pid : cluster.awaitSettled().pids()) {
				cluster.awaitOutput("Console of pid=%d read -1".formatted(pid));
			}
		}
	}

	@Test
	void toolOptionsWithDebuggerPort(TestInfo test) throws IOException {
		ClusterLauncher launcher = new ClusterLauncher(test);
		// After the launcher has taken its own: the workers get those that follow
		int port = ClusterLauncher.freePort();
		launcher.environment("JAVA_TOOL_OPTIONS",
				"-Dsample.version=debugged -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:"
						+ port);
		try (ClusterProcess cluster = launcher.start()) {
			assertCluster(cluster);
			assertThat(cluster.get("/").said("version")).isEqualTo("debugged");
			List<String> ports = cluster.output()
				.groups("Listening for transport dt_socket at address: (?:127\\.0\\.0\\.1:)?(\\d+)")
				.toList();
			assertThat(ports).hasSizeGreaterThanOrEqualTo(5);
			// The launcher had the port itself; no worker of this generation shares one
			assertThat(ports.get(0)).isEqualTo(Integer.toString(port));
			assertThat(ports.subList(1, 3)).doesNotHaveDuplicates().doesNotContain(Integer.toString(port));
		}
	}

	@Test
	void everyWorkerHasFilesOfItsOwn(TestInfo test) throws IOException {
		ClusterLauncher launcher = new ClusterLauncher(test)
			.moreJvmOptions("-Xlog:gc:file=" + this.directory.resolve("gc.log"),
					"-XX:StartFlightRecording=filename=" + this.directory.resolve("recording.jfr"))
			.arguments("--logging.file.name=" + this.directory.resolve("application.log"));
		try (ClusterProcess cluster = launcher.start()) {
			cluster.awaitSettled();
			cluster.signal("TERM");
			assertThat(cluster.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
		}
		for (String name : new String[] { "gc-.+\\.log", "recording-.+\\.jfr", "application-.+\\.log" }) {
			try (Stream<Path> files = Files.list(this.directory)) {
				assertThat(files.filter((file) -> file.getFileName().toString().matches(name))).as(name)
					.hasSize(2)
					.allSatisfy((file) -> assertThat(file).isNotEmptyFile());
			}
		}
	}

	@Test
	void springAot(TestInfo test) throws IOException {
		try (ClusterProcess cluster = new ClusterLauncher(test).moreJvmOptions("-Dspring.aot.enabled=true")
			.workers("1")
			.start()) {
			assertCluster(cluster);
			assertThat(cluster.output().lines("Starting AOT-processed SampleApplication"))
				.hasSizeGreaterThanOrEqualTo(2);
		}
	}

	@Test
	void firstProcessOfItsNamespace(TestInfo test) throws IOException {
		Tool.assumeInstalled("unshare");
		String[] unshare = { "unshare", "-pf", "--mount-proc", "--kill-child" };
		Assumptions.assumeTrue(Tool.tryRun(concat(unshare, "true")).exitCode() == 0, "namespaces are not allowed");
		try (ClusterProcess cluster = new ClusterLauncher(test).prefix(unshare).workers("1").start()) {
			ClusterStatus before = cluster.awaitSettled();
			assertThat(before.primary().pid()).isEqualTo(1);
			assertReloads(cluster, before);
			long primary = ProcessHandle.of(cluster.pid()).orElseThrow().children().findFirst().orElseThrow().pid();
			ClusterProcess.signal(primary, "TERM");
			assertThat(cluster.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
			cluster.assertNothingLeft();
		}
	}

	@Test
	@Tag("nightly")
	void springBootRun(TestInfo test) throws IOException {
		Path maven = Path.of(System.getProperty("maven.home", "/usr/share/maven"), "bin", "mvn");
		Assumptions.assumeTrue(Files.isExecutable(maven), "no Maven in " + maven);
		ClusterLauncher launcher = new ClusterLauncher(test);
		launcher.command(maven.toString(), "-o", "-B", "-f", "../pom.xml", "-pl", "sample-app", "-am",
				"-Dmaven.repo.local=" + System.getProperty("maven.repo.local"), "-Dcheckstyle.skip",
				"-Dspring-javaformat.skip", "spring-boot:run",
				"-Dspring-boot.run.arguments=--server.port=%d --cluster.workers=1".formatted(launcher.port()));
		try (ClusterProcess run = launcher.start()) {
			ClusterStatus before = run.awaitSettled();
			assertReloads(run, before);
			ClusterProcess.signal(before.primary().pid(), "TERM");
			run.awaitExit(Duration.ofSeconds(30));
			run.assertNothingLeft();
		}
	}

	private void assertCluster(ClusterProcess cluster) {
		ClusterStatus before = cluster.awaitSettled();
		assertThat(before.primary().pid()).isEqualTo(cluster.pid());
		assertReloads(cluster, before);
	}

	private void assertReloads(ClusterProcess cluster, ClusterStatus before) {
		ClusterStatus after = cluster.awaitReload(cluster.reload("{\"strategy\":\"parallel\"}").id());
		assertThat(after.pids()).hasSameSizeAs(before.pids()).doesNotContainAnyElementsOf(before.pids());
		assertThat(cluster.get("/").said("generation")).isEqualTo("2");
	}

	private String classPath() throws IOException {
		Path jar = SampleJar.extract(this.directory);
		try (Stream<Path> libraries = Files.list(jar.resolveSibling("lib"))) {
			return Stream.concat(Stream.of(jar), libraries)
				.map(Path::toString)
				.collect(Collectors.joining(File.pathSeparator));
		}
	}

	static String[] concat(String[] first, String last) {
		return Stream.concat(Stream.of(first), Stream.of(last)).toArray(String[]::new);
	}

}
