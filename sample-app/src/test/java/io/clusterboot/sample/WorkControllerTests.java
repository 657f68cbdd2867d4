package io.clusterboot.sample;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkController}.
 */
class WorkControllerTests {

	private final MockMvcTester mvc = MockMvcTester.of(new WorkController());

	private final String pid = "pid=" + ProcessHandle.current().pid();

	@Test
	void slowAnswersAfterTheTimeAskedFor() {
		long start = System.nanoTime();
		assertThat(this.mvc.get().uri("/slow?ms=50")).hasStatusOk().hasBodyTextEqualTo("Waited 50 ms on " + this.pid);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
	}

	@Test
	void cpuIsBusyForTheTimeAskedFor() {
		long start = System.nanoTime();
		assertThat(this.mvc.get().uri("/cpu?ms=50")).hasStatusOk().bodyText().endsWith(" in 50 ms on " + this.pid);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
	}

	@Test
	void uploadCountsBytes() {
		assertThat(this.mvc.post().uri("/upload").content(new byte[12345])).hasStatusOk()
			.hasBodyTextEqualTo("Received 12345 bytes on " + this.pid);
	}

	@Test
	void streamSendsAllChunks() {
		assertThat(this.mvc.get().uri("/stream?ms=10")).hasStatusOk()
			.bodyText()
			.startsWith("Chunk 1 of 10 on " + this.pid)
			.contains("Chunk 10 of 10 on " + this.pid);
	}

}
