package io.clusterboot.cli.drill;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StartFailure}.
 */
class StartFailureTests {

	@Test
	void rootOfTheLastExceptionIsTheCause() {
		assertThat(cause("java.lang.IllegalStateException: early", "	at a.B.c(B.java:1)",
				"org.springframework.beans.factory.BeanCreationException: no bean",
				"Caused by: java.lang.IllegalStateException: no store",
				"Caused by: java.nio.channels.OverlappingFileLockException: null", "	at a.B.c(B.java:2)", "bye"))
			.isEqualTo("java.nio.channels.OverlappingFileLockException: null");
		assertThat(cause("Exception in thread \"main\" java.lang.IllegalStateException: no store",
				"	at a.B.c(B.java:1)"))
			.endsWith("java.lang.IllegalStateException: no store");
	}

	@Test
	void whatSpringBootSaysOfItIsTheCause() {
		assertThat(cause("APPLICATION FAILED TO START", "", "Description:", "", "Port 9090 was", "already in use.", "",
				"Action:", "", "Stop it"))
			.isEqualTo("Port 9090 was already in use.");
	}

	@Test
	void whatIsKnownOtherwiseIsTheCauseWhereNothingWasPrinted() {
		assertThat(cause("Starting", "Waiting")).isEqualTo("otherwise");
	}

	@Test
	void changeFitsTheCause() {
		assertThat(StartFailure.change("Port 9090 was already in use.")).contains("cluster.worker.offset");
		assertThat(StartFailure.change("Database may be already in use: it is locked")).contains("only one process");
		assertThat(StartFailure.change("table exists already")).contains("while others serve");
	}

	private static String cause(String... output) {
		return StartFailure.cause(List.of(output), "otherwise");
	}

}
