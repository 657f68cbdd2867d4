package io.clusterboot.code.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.clusterboot.command.WorkerLaunch;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TrainingProcess}.
 */
class TrainingProcessTests {

	@TempDir
	private Path directory;

	@Test
	void runWhenProcessSucceedsIsNoFailureAndKeepsItsOutput() throws Exception {
		assertThat(run(process(60), "echo out; echo err >&2; cat; pwd")).isNull();
		assertThat(output()).isEqualTo("out\nerr\n" + this.directory.toRealPath() + "\n");
	}

	@Test
	void runWhenProcessFailsSaysHow() throws Exception {
		assertThat(run(process(60), "exit 3")).isEqualTo("exit code 3");
		assertThat(run(process(60), "kill -KILL $$")).isEqualTo("SIGKILL (exit code 137)");
	}

	@Test
	void runWhenTimeIsUpKillsTheProcess() throws Exception {
		assertThat(run(process(1), "echo $$; exec sleep 60")).isEqualTo("it was not done after 1 s");
		assertThat(ProcessHandle.of(Long.parseLong(output().strip()))).isEmpty();
	}

	@Test
	void runWhenVariablesAreRemovedDoesNotHandThemOn() throws Exception {
		assertThat(run(process(60), "echo ${HOME-none} $OTHER")).isNull();
		assertThat(output()).isEqualTo("none value\n");
	}

	@Test
	void cancelEndsTheProcessAndStartsNoOther() throws Exception {
		TrainingProcess process = process(60);
		CompletableFuture<@Nullable String> failure = CompletableFuture
			.supplyAsync(() -> runUnchecked(process, "echo $$; exec sleep 60"));
		Awaitility.await().until(() -> Files.exists(this.directory.resolve("output")) && !output().isEmpty());
		process.cancel();
		assertThat(failure.get(10, TimeUnit.SECONDS)).contains("SIGKILL");
		assertThat(ProcessHandle.of(Long.parseLong(output().strip()))).isEmpty();
		assertThat(run(process, "true")).contains("not wanted");
	}

	@Test
	void runWhenSomebodyEndsTheProcessIsCancelled() throws Exception {
		TrainingProcess process = process(60);
		run(process, "kill -TERM $$; exit 1");
		assertThat(process.isCancelled()).isTrue();
	}

	@Test
	void runPutsTheProcessBehindEverythingElse() throws Exception {
		TrainingProcess process = new TrainingProcess(this.directory, Set.of(), Duration.ofMinutes(1), true);
		// Field 41 in proc(5) is the policy, and 5 is SCHED_IDLE
		run(process, "sleep 0.3; cut -d ' ' -f 41 /proc/self/stat");
		assertThat(output()).isEqualTo("5\n");
		assertThat(process.priority()).isNull();
	}

	@Test
	void runWhenSomebodyWaitsIsAsImportantAsEverythingElse() throws Exception {
		run(process(60), "sleep 0.3; cut -d ' ' -f 41 /proc/self/stat");
		assertThat(output()).isEqualTo("0\n");
	}

	private TrainingProcess process(int seconds) {
		return new TrainingProcess(this.directory, Set.of("HOME"), Duration.ofSeconds(seconds), false);
	}

	private @Nullable String run(TrainingProcess process, String script) throws IOException, InterruptedException {
		WorkerLaunch launch = new WorkerLaunch(List.of("/bin/sh", "-c", "" + script), 3, Map.of("OTHER", "value"));
		return process.run(launch, this.directory.resolve("output"));
	}

	private @Nullable String runUnchecked(TrainingProcess process, String script) {
		try {
			return run(process, script);
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private String output() throws IOException {
		return Files.readString(this.directory.resolve("output"));
	}

}
