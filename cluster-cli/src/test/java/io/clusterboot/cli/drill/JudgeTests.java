package io.clusterboot.cli.drill;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import io.clusterboot.IncidentCause;
import io.clusterboot.IncidentSnapshot;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.WorkerMetrics;
import io.clusterboot.cli.drill.Sample.Result;
import io.clusterboot.cli.drill.Step.Verdict;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Judge} and {@link Report}.
 */
class JudgeTests {

	private static final Window FINE = window(sample(0, Result.ANSWERED), sample(500, Result.ANSWERED));

	@Test
	void applicationThatDoesNotStartSaysWhy() {
		assertThat(
				Judge.noStart("start", 1, List.of("Caused by: java.io.IOException: no disk", "	at a.B.c(B.java:1)")))
			.isEqualTo(new Finding("start", "does not start: exit code 1", "java.io.IOException: no disk",
					Judge.noStart("start", 1, List.of()).change()));
		assertThat(Judge.noStart("start", 2, List.of("usage: app FILE", " ")).cause()).isEqualTo("usage: app FILE");
	}

	@Test
	void applicationWithoutAClusterSaysWhy() {
		assertThat(Judge.noCluster("start", List.of("INFO", "10:00  WARN 1 --- Not a cluster: Jetty serves")).cause())
			.contains("Jetty serves");
		assertThat(Judge.noCluster("start", List.of()).cause()).contains("cluster-spring-boot-starter");
	}

	@Test
	void applicationThatCannotRunTwiceSaysWhy() {
		Finding finding = Judge.notTwice("start", incident("Caused by: a.LockedException: store is locked"));
		assertThat(finding.what()).isEqualTo("cannot run twice side by side: a.LockedException: store is locked");
		assertThat(finding.cause()).contains("worker 2 of slot 1", "ended with exit code 1");
		assertThat(finding.change()).contains("only one process");
		assertThat(Judge.alone("start", 1).change()).contains("two workers");
	}

	@Test
	void pathThatFailsAnywayIsNamed() {
		assertThat(Judge.load("load", FINE)).isEmpty();
		assertThat(Judge.load("load", window(sample(0, Result.ERROR), sample(1, Result.ANSWERED)))).singleElement()
			.satisfies((finding) -> assertThat(finding.what()).contains("/ fails while nothing", "1 of 2"));
		assertThat(Judge.load("load", window(sample(0, Result.REFUSED)))).singleElement()
			.satisfies((finding) -> assertThat(finding.what()).contains("nobody listens"));
	}

	@Test
	void reloadIsGoodIfNothingFails() {
		assertThat(Judge.reload("reload", reload(ReloadStatus.SUCCEEDED, null), FINE, List.of())).isEmpty();
		assertThat(Judge.reload("reload", reload(ReloadStatus.SUCCEEDED, null),
				window(sample(0, Result.REFUSED), sample(0, Result.ANSWERED)), List.of()))
			.singleElement()
			.satisfies((finding) -> assertThat(finding.what()).startsWith("1 of 2 requests failed"));
		assertThat(Judge.reload("reload", reload(ReloadStatus.FAILED, "worker 3 ended", "Caused by: a.B: no"), FINE,
				List.of()))
			.singleElement()
			.satisfies((finding) -> {
				assertThat(finding.what()).contains("worker 3 ended");
				assertThat(finding.cause()).isEqualTo("a.B: no");
			});
	}

	@Test
	void requestsOfTheWorkerThatDiedAreLostAndNoOthers() {
		assertThat(Judge.death("kill", window(sample(10, Result.BROKEN)), 20)).isEmpty();
		assertThat(Judge.death("kill", window(sample(30, Result.BROKEN)), 20)).singleElement()
			.satisfies((finding) -> assertThat(finding.what()).contains("after the worker was gone"));
		assertThat(Judge.death("kill", window(sample(30, Result.REFUSED)), 20)).hasSize(1);
	}

	@Test
	void workerThatDoesNotComeBackSaysWhy() {
		assertThat(Judge.notBack("kill", Duration.ofSeconds(30), List.of(incident("a.SomeException: no"))).cause())
			.contains("worker 2: ended with exit code 1: a.SomeException: no");
		assertThat(Judge.notBack("kill", Duration.ofSeconds(30), List.of()).cause()).contains("neither");
		assertThat(Judge.notNoticed("suspend", Duration.ofSeconds(30)).change()).contains("hang-timeout");
		assertThat(Judge.gone("kill", 137, List.of("bye")).cause()).isEqualTo("bye");
	}

	@Test
	void serviceGoesOnIfSomebodyIsAnsweredMeanwhile() {
		assertThat(Judge.service("suspend", FINE, 400, 2_000_000)).isEmpty();
		assertThat(Judge.service("suspend", FINE, 600, 2_000_000)).hasSize(1);
		assertThat(Judge.service("suspend", FINE, 400, 501)).hasSize(1);
	}

	@Test
	void brokenJarThatGoesLiveIsAFinding() {
		assertThat(Judge.broken("broken jar", reload(ReloadStatus.FAILED, "no"), true, FINE)).isEmpty();
		assertThat(Judge.broken("broken jar", reload(ReloadStatus.SUCCEEDED, null), true, FINE)).hasSize(1);
		assertThat(Judge.broken("broken jar", reload(ReloadStatus.FAILED, "no"), false, FINE)).hasSize(1);
		assertThat(
				Judge.broken("broken jar", reload(ReloadStatus.FAILED, "no"), true, window(sample(0, Result.BROKEN))))
			.hasSize(1);
	}

	@Test
	void drillPassesIfAllOfItPasses() {
		assertThat(report(Verdict.PASSED, Verdict.PASSED)).isTrue();
		assertThat(report(Verdict.PASSED, Verdict.FAILED)).isFalse();
		assertThat(report(Verdict.PASSED, Verdict.SKIPPED)).isFalse();
	}

	private static boolean report(Verdict... verdicts) {
		return Report
			.of(Path.of("app.jar"), Path.of("log"),
					Arrays.stream(verdicts)
						.map((verdict) -> new Step("step", verdict, Duration.ZERO, "", List.of()))
						.toList())
			.passed();
	}

	private static Window window(Sample... samples) {
		return new Window(List.of(samples));
	}

	private static Sample sample(long begun, Result result) {
		return new Sample("/", begun, Duration.ofMillis(1), result, result.name());
	}

	private static ReloadSnapshot reload(ReloadStatus status, @Nullable String reason, String... output) {
		return new ReloadSnapshot(1, "cli", null, ReloadStrategy.ROLLING, status, reason, 1, 2, Instant.EPOCH,
				Instant.EPOCH, List.of(), null, null, List.of(output));
	}

	private static IncidentSnapshot incident(String... output) {
		return new IncidentSnapshot(1, Instant.EPOCH, IncidentCause.START_FAILURE, "ended with exit code 1", 2, 1, 77,
				1, Instant.EPOCH, "exit code 1", null, WorkerMetrics.NONE, null, List.of(output), null);
	}

}
