package io.clusterboot.cli.drill;

import java.time.Duration;
import java.util.List;

import io.clusterboot.cli.drill.Sample.Result;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Endings} and {@link ThreadDump}.
 */
class EndingsTests {

	private static final String CUT = "10:00 WARN --- worker=2 slot=1 gen=1 pid=77 cut 2 requests off: they did not end within 3 s";

	private static final String KILLED = "10:00 WARN --- worker=2 slot=1 gen=1 pid=77 has drained, but its context is "
			+ "not closed after 4 s, SIGKILL";

	private static final String DUMP = """
			Full thread dump OpenJDK 64-Bit Server VM (17 mixed mode):

			"main" #1 prio=5 os_prio=0 cpu=1.00ms tid=0x1 nid=0x2 waiting on condition  [0x3]
			   java.lang.Thread.State: WAITING (parking)
				at jdk.internal.misc.Unsafe.park(java.base@17/Native Method)

			"http-nio-8080-exec-3" #31 [77] daemon prio=5 tid=0x1 nid=0x2 waiting on condition  [0x3]
			   java.lang.Thread.State: TIMED_WAITING (sleeping)
				at java.lang.Thread.sleep(java.base@17/Native Method)
				at com.acme.Prices.slow(Prices.java:12)
				at org.apache.catalina.connector.CoyoteAdapter.service(CoyoteAdapter.java:342)

			"http-nio-8080-exec-7" #35 daemon prio=5 tid=0x1 nid=0x2 waiting on condition  [0x3]
			   java.lang.Thread.State: TIMED_WAITING (sleeping)
				at com.acme.Prices.slow(Prices.java:12)
				at org.apache.catalina.connector.CoyoteAdapter.service(CoyoteAdapter.java:342)

			"http-nio-8080-exec-4" #32 daemon prio=5 tid=0x1 nid=0x2 waiting on condition  [0x3]
			   java.lang.Thread.State: WAITING (parking)
				at jdk.internal.misc.Unsafe.park(java.base@17/Native Method)

			"SpringApplicationShutdownHook" #40 prio=5 tid=0x1 nid=0x2 in Object.wait()  [0x3]
			   java.lang.Thread.State: WAITING (on object monitor)
				at java.lang.Thread.join(java.base@17/Thread.java:1313)
				at com.acme.Importer.close(Importer.java:40)
				at org.springframework.context.support.AbstractApplicationContext.doClose(AbstractApplicationContext.java:1)

			"poller" #42 daemon prio=5 tid=0x1 nid=0x2 runnable  [0x3]
			   java.lang.Thread.State: RUNNABLE
				at com.acme.Poller.run(Poller.java:60)

			"import" #41 prio=5 tid=0x1 nid=0x2 runnable  [0x3]
			   java.lang.Thread.State: RUNNABLE
				at com.acme.Importer.run(Importer.java:50)
			""";

	private final ThreadDump dump = ThreadDump.parse(DUMP.lines());

	@Test
	void endOfAllThatWasInHandIsNoFinding() {
		assertThat(judge(List.of("nothing of note"), sample("/", 1, Result.ANSWERED), sample("/", 1, Result.REFUSED)))
			.isEmpty();
	}

	@Test
	void requestsThatAreCutOffNameTheirPathAndThread() {
		List<Finding> findings = judge(List.of(CUT), sample("/", 1, Result.ANSWERED),
				sample("/slow", 3000, Result.BROKEN), sample("/slow", 1000, Result.BROKEN));
		assertThat(findings).singleElement().satisfies((finding) -> {
			assertThat(finding.what())
				.isEqualTo("2 requests were cut off, because a worker that ends waits no longer than 3 s");
			assertThat(finding.cause()).isEqualTo("/slow takes longer: one had waited for 3.0 s; "
					+ "thread \"http-nio-8080-exec-3\" at com.acme.Prices.slow(Prices.java:12)");
			assertThat(finding.change()).contains("cluster.drain.timeout");
		});
	}

	@Test
	void requestsOfOthersThatAreCutOffAreToldToo() {
		assertThat(judge(List.of(CUT), sample("/", 1, Result.ANSWERED))).singleElement()
			.satisfies((finding) -> assertThat(finding.cause()).startsWith("none of the paths of this drill"));
	}

	@Test
	void requestThatFailsWithoutBeingCutOffIsAnotherFinding() {
		assertThat(judge(List.of(CUT), sample("/slow", 3000, Result.BROKEN), sample("/", 5, Result.BROKEN)))
			.extracting(Finding::what)
			.containsExactly("2 requests were cut off, because a worker that ends waits no longer than 3 s",
					"1 of 2 requests failed: 1 of / (BROKEN)");
	}

	@Test
	void workerThatHasToBeKilledNamesWhatWaitsForWhat() {
		assertThat(judge(List.of(KILLED))).singleElement().satisfies((finding) -> {
			assertThat(finding.what()).contains("pid=77 had to be killed", "within 4 s");
			assertThat(finding.cause())
				.isEqualTo("thread \"SpringApplicationShutdownHook\" at com.acme.Importer.close(Importer.java:40), "
						+ "and this goes on: thread \"import\" at com.acme.Importer.run(Importer.java:50)");
			assertThat(finding.change()).contains("interrupted", "cluster.drain.close-timeout");
		});
		assertThat(Endings.judge("stop", window(), List.of(KILLED), List.of(new ThreadDump(List.of())))).singleElement()
			.satisfies((finding) -> assertThat(finding.cause()).contains("no thread dump"));
	}

	@Test
	void workerThatDoesNotDrainIsAFinding() {
		assertThat(judge(List.of("worker=2 slot=1 gen=1 pid=77 did not drain within 3 s, SIGTERM"))).singleElement()
			.satisfies((finding) -> assertThat(finding.what()).contains("pid=77 did not end its requests"));
	}

	private List<Finding> judge(List<String> log, Sample... samples) {
		return Endings.judge("stop", window(samples), log, List.of(new ThreadDump(List.of()), this.dump));
	}

	private static Window window(Sample... samples) {
		return new Window(List.of(samples));
	}

	private static Sample sample(String path, long millis, Result result) {
		return new Sample(path, 0, Duration.ofMillis(millis), result, result.name());
	}

}
