package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Workers do not get in each other's way, nor in that of the primary.
 */
class NeighboursIT {

	private static final Pattern PID = Pattern.compile("\\S+ +[A-Z]+ (\\d+) --- .*");

	private static final String[] NOBODY = { "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups" };

	@TempDir
	private Path directory;

	@Test
	void oldAndNewWorkerOfASlotWriteFilesOfTheirOwn(TestInfo test) throws IOException {
		ClusterLauncher launcher = new ClusterLauncher(test)
			.moreJvmOptions("-Xlog:gc*:file=" + this.directory.resolve("gc.log") + "::filecount=0")
			.arguments("--logging.file.name=" + this.directory.resolve("app.log"));
		try (ClusterProcess cluster = launcher.start()) {
			cluster.awaitSettled();
			for (int generation = 2; generation <= 3; generation++) {
				cluster.awaitReload(cluster.reload("{}").id());
			}
			try (Stream<Path> files = Files.list(this.directory)) {
				assertThat(files.map((file) -> file.getFileName().toString()))
					.contains("app-w0.log", "app-w0-2.log", "app-w1.log", "app-w1-2.log", "gc-w0.log", "gc-w0-2.log",
							"gc-w1.log", "gc-w1-2.log")
					.noneMatch((name) -> name.matches(".*-w\\d-[^2].*"));
			}
		}
		for (String name : List.of("app-w0.log", "app-w0-2.log", "app-w1.log", "app-w1-2.log")) {
			assertThat(writers(this.directory.resolve(name))).as(name).isNotEmpty().doesNotHaveDuplicates();
		}
	}

	@Test
	void workersOfAnUnprivilegedUserServeWhatRootHasBound(TestInfo test) throws IOException {
		Assumptions.assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "not root");
		Tool.assumeInstalled("setpriv", "curl");
		Assumptions.assumeTrue(Tool.tryRun(asNobody("true")).exitCode() == 0, "no other user allowed");
		// The fast layout has an archive of its own, which is reason enough to train
		// nothing
		ClusterLauncher launcher = new ClusterLauncher(test).jar(SampleJar.original())
			.workers("1")
			.arguments("--cluster.worker.command-prefix=" + String.join(",", NOBODY), "--cluster.reload.train=before");
		try (ClusterProcess cluster = launcher.start()) {
			assertRunAsNobody(cluster.awaitSettled());
			String url = "http://localhost:%d/actuator/cluster/reload".formatted(cluster.port());
			assertThat(Tool.run(asNobody("curl", "-sS", "-X", "POST", "-w", "%{http_code}", url)).output())
				.as("the workers' user may not send the primary a signal")
				.endsWith("403");
			ClusterStatus after = cluster.awaitReload(cluster.reload("{}").id());
			assertThat(after.lastReload().status()).isEqualTo("succeeded");
			assertRunAsNobody(after);
			assertKeptForNobodyElse(after.worker(0));
			assertThat(cluster.output().has("is not trained .* cluster.worker.command-prefix")).isTrue();
		}
	}

	@Test
	void workersRunWithTheirPrefixTheirProcessorsAndFilesOfTheirOwn(TestInfo test) throws Exception {
		Tool.assumeInstalled("nice", "ps");
		ClusterLauncher launcher = new ClusterLauncher(test).arguments("--cluster.worker.command-prefix=nice,-n,5",
				"--cluster.worker.processors=1",
				"--cluster.worker.jvm-args=-Xlog:gc:file=" + this.directory.resolve("gc-{slot}.log"));
		try (ClusterProcess cluster = launcher.start()) {
			ClusterStatus status = cluster.awaitSettled();
			int niceness = niceness(cluster.pid());
			for (ClusterStatus.Worker worker : status.workers()) {
				assertThat(niceness(worker.pid())).isEqualTo(niceness + 5);
				assertThat(commandLine(worker.pid())).contains("-XX:ActiveProcessorCount=1")
					.contains("gc-" + worker.slot() + ".log");
				assertThat(this.directory.resolve("gc-" + worker.slot() + ".log")).isNotEmptyFile();
			}
			assertThat(this.directory.resolve("gc-{slot}.log")).doesNotExist();
			// The prefix is not in the way of what the primary asks of a worker
			ClusterProcess.signal(status.worker(1).pid(), "KILL");
			ClusterStatus after = cluster.await("replacement")
				.until(cluster::status, (now) -> now.isSettled() && now.worker(1).id() > status.worker(1).id());
			assertThat(niceness(after.worker(1).pid())).isEqualTo(niceness + 5);
		}
	}

	private static int niceness(long pid) {
		return Integer.parseInt(Tool.run("ps", "-o", "ni=", "-p", Long.toString(pid)).output().strip());
	}

	private static String commandLine(long pid) throws IOException {
		return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline")).replace('\0', ' ');
	}

	private static void assertRunAsNobody(ClusterStatus status) throws IOException {
		assertThat(status.pids()).isNotEmpty();
		for (long pid : status.pids()) {
			assertThat(Files.getAttribute(Path.of("/proc/" + pid), "unix:uid")).isEqualTo(65534);
		}
	}

	private static void assertKeptForNobodyElse(ClusterStatus.Worker worker) throws IOException {
		String directory = Stream.of(Files.readString(Path.of("/proc/" + worker.pid() + "/environ")).split("\0"))
			.filter((variable) -> variable.startsWith("CLUSTER_WORKER_DIRECTORY="))
			.findFirst()
			.orElseThrow()
			.replaceFirst(".*?=", "");
		Path kept = Path.of(directory, "generation-" + worker.generation(), "configuration");
		try (Stream<Path> paths = Files.walk(kept)) {
			assertThat(paths.toList()).contains(kept.resolve("index")).allSatisfy((path) -> {
				assertThat(Files.getAttribute(path, "unix:uid")).isEqualTo(65534);
				assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).endsWith("------");
			});
		}
	}

	private static String[] asNobody(String... command) {
		return Stream.concat(Stream.of(NOBODY), Stream.of(command)).toArray(String[]::new);
	}

	/**
	 * Return whose lines follow on each other in a log file.
	 * @param file the file
	 * @return the process ids, one for each run of lines
	 */
	private static List<String> writers(Path file) throws IOException {
		List<String> writers = new ArrayList<>();
		for (String line : Files.readAllLines(file)) {
			Matcher matcher = PID.matcher(line);
			if (matcher.matches() && (writers.isEmpty() || !writers.get(writers.size() - 1).equals(matcher.group(1)))) {
				writers.add(matcher.group(1));
			}
		}
		return writers;
	}

}
