package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
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
 * {@code cluster monit} on a terminal, started by a shell as a user does.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MonitIT {

	private static final Duration START = Duration.ofSeconds(10);

	private static final Duration MEASURED = Duration.ofSeconds(20);

	// Of a second, see getconf CLK_TCK
	private static final double TICKS = 100;

	@TempDir
	private static Path directory;

	private static ClusterProcess cluster;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		Tool.assumeInstalled("tmux");
		cluster = new ClusterLauncher(test).arguments("--cluster.control.directory=" + directory.resolve("control"))
			.start();
		cluster.awaitSettled();
		// A shell that leaves the terminal as it is
		tmux("-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "30", "ENV= PS1='$ ' exec sh -i");
		type(Path.of("..", "cluster-cli", "cluster").toRealPath() + " monit --directory "
				+ directory.resolve("control"));
		awaitScreen("sorted by slot");
	}

	@AfterAll
	static void stop() {
		if (cluster != null) {
			tmux("kill-server");
			cluster.close();
		}
	}

	@Test
	@Order(1)
	void watchingTakesAtMostAHundredthOfAProcessor() throws IOException {
		Path stat = Path.of("/proc/%d/stat".formatted(monit().pid()));
		pass(START);
		double before = processorSeconds(stat);
		pass(MEASURED);
		assertThat(processorSeconds(stat) - before).as("seconds of processor time in " + MEASURED)
			.isLessThan(0.01 * MEASURED.toSeconds());
		assertThat(screen()).contains("running", "2/2 ready", "SLOT WORKER");
	}

	@Test
	@Order(2)
	void shellHasItsTerminalWhileItIsSuspended() {
		long pid = monit().pid();
		for (int i = 1; i <= 2; i++) {
			tmux("send-keys", "C-z");
			awaitScreen("Stopped");
			type("echo $((100 + %d))-back".formatted(i));
			awaitScreen("echo $((100 + %d))-back".formatted(i));
			awaitScreen("\n10%d-back".formatted(i));
			assertThat(screen()).doesNotContain("sorted by slot");
			type("fg");
			awaitScreen("sorted by slot");
			assertThat(monit().pid()).isEqualTo(pid);
			assertThat(screen()).doesNotContain("-back");
		}
		tmux("send-keys", "s");
		awaitScreen("sorted by requests");
	}

	@Test
	@Order(3)
	void shellHasItsTerminalWhenItHasEnded() {
		tmux("send-keys", "q");
		cluster.await("the end of monit").until(() -> !screen().contains("sorted by"));
		type("echo $((300 + 3))");
		awaitScreen("\n303");
		assertThat(screen()).contains("echo $((300 + 3))").doesNotContain("sorted by");
	}

	private static void pass(Duration time) {
		Awaitility.await().pollDelay(time).atMost(time.plusSeconds(10)).until(() -> true);
	}

	private static ProcessHandle monit() {
		String shell = tmux("display-message", "-p", "#{pane_pid}").strip();
		return ProcessHandle.of(Long.parseLong(shell)).orElseThrow().children().findFirst().orElseThrow();
	}

	// Its own and that of what it has started
	private static double processorSeconds(Path stat) throws IOException {
		String text = Files.readString(stat);
		String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
		return Stream.of(fields).skip(11).limit(4).mapToLong(Long::parseLong).sum() / TICKS;
	}

	private static void type(String line) {
		tmux("send-keys", "-l", line);
		tmux("send-keys", "Enter");
	}

	private static void awaitScreen(String part) {
		cluster.await("'%s' on the screen".formatted(part))
			.atMost(Duration.ofSeconds(30))
			.until(() -> screen().contains(part));
	}

	private static String screen() {
		return tmux("capture-pane", "-p");
	}

	private static String tmux(String... arguments) {
		List<String> line = new ArrayList<>(List.of("tmux", "-S", directory.resolve("tmux").toString()));
		line.addAll(List.of(arguments));
		return Tool.run(line.toArray(String[]::new)).output();
	}

}
