package io.clusterboot.channel;

import io.clusterboot.IncidentCause;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Message}.
 */
class MessageTests {

	@Test
	void gistIsTheSameWhateverTheNumbersAre() {
		String one = gist(
				"Thread \"pool-1-thread-7\" waits for a.Lock@beef held by \"http-nio-8080-exec-9\", 0xcafe, 7f1e.so");
		String other = gist(
				"Thread \"pool-12-thread-70\" waits for a.Lock@12ab held by \"http-nio-8080-exec-10\", 0x1, 00ab.so");
		assertThat(one).isEqualTo(other).contains("pool-#-thread-#", "a.Lock");
	}

	@Test
	void gistTellsCausesApart() {
		assertThat(gist("Thread \"a\" ended with an error")).isNotEqualTo(gist("Thread \"b\" ended with an error"));
	}

	@Test
	void gistOfAnEndlessDetailIsShort() {
		assertThat(gist("a".repeat(1_000_000))).hasSizeLessThan(1000);
	}

	private static String gist(String detail) {
		return new Message.Unhealthy(IncidentCause.UNCAUGHT, detail, null).gist();
	}

}
