package io.clusterboot.bootstrap;

import java.net.BindException;
import java.util.Set;
import java.util.TreeSet;

import io.clusterboot.PortConflictException;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.tomcat.ConnectorStartFailedException;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ApplicationContextException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StartFailure}.
 */
class StartFailureTests {

	@Test
	void describeNamesTheRootCauseInOneLine() {
		assertThat(describe(new BeanCreationException("bean", new IllegalStateException("No licence.\nSee below"))))
			.isEqualTo("java.lang.IllegalStateException: No licence");
	}

	@Test
	void describeWhenPortCannotBeSharedSaysThat() {
		assertThat(describe(new ApplicationContextException("Unable to start web server",
				new PortConflictException("The application sets port 1 in code.", "action"))))
			.isEqualTo("The application sets port 1 in code");
	}

	@Test
	void describeWhenAnotherWorkerHasThePortNamesIt() {
		assertThat(describe(new BeanCreationException("bean", new BindException("Address already in use")), 9090))
			.isEqualTo("java.net.BindException: Address already in use; "
					+ "another worker has bound port 9090, which workers cannot share");
		assertThat(describe(new ConnectorStartFailedException(18081), 18081))
			.isEqualTo("Connector configured to listen on port 18081 failed to start; "
					+ "another worker has bound port 18081, which workers cannot share");
		assertThat(describe(new PortInUseException(7000), 7000)).startsWith("Port 7000 is already in use; another");
	}

	@Test
	void describeWhenNoWorkerHasThePortAccusesNone() {
		assertThat(describe(new PortInUseException(7000))).isEqualTo("Port 7000 is already in use");
		assertThat(describe(new IllegalStateException("other"), 9090))
			.isEqualTo("java.lang.IllegalStateException: other");
	}

	private static String describe(Throwable failure, Integer... taken) {
		return new StartFailure(() -> new TreeSet<>(Set.of(taken))).describe(failure);
	}

}
