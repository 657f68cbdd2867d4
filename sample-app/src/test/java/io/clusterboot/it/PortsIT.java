package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import io.clusterboot.it.variant.PortsAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications that set ports in code or bind more than one.
 */
class PortsIT {

	private static final String[] ONE_BY_ONE = { "--cluster.reload.max-surge=0", "--cluster.reload.max-unavailable=1" };

	@TempDir
	private Path directory;

	private final int other = ClusterLauncher.freePort();

	@Test
	void portSetInCodeFailsTheStartWithWhatToSet(TestInfo test) throws IOException {
		ClusterLauncher launcher = launcher(test, "in-code");
		assertThat(outputOfFailedStart(launcher)).contains("APPLICATION FAILED TO START",
				"The application sets port %d in code, but the cluster has bound port %d.".formatted(this.other,
						launcher.port()),
				"Set server.port=%d".formatted(this.other));
	}

	@Test
	void secondConnectorOnAFixedPortFailsTheStartWithWhatToDo(TestInfo test) throws IOException {
		assertThat(outputOfFailedStart(launcher(test, "second-connector"))).contains("APPLICATION FAILED TO START",
				"Port %d (an additional connector of Tomcat) can be bound by one worker only".formatted(this.other),
				"%d + ${cluster.worker.offset}".formatted(this.other), "did not start: its first worker ended with "
						+ "exit code 1: Port %d (an additional connector".formatted(this.other));
	}

	@Test
	void secondConnectorOnAFixedPortIsReloadedWhereTheOldWorkerGoesFirst(TestInfo test) throws IOException {
		ClusterLauncher launcher = launcher(test, "second-connector").workers("1").arguments(ONE_BY_ONE);
		try (ClusterProcess cluster = launcher.start()) {
			cluster.awaitSettled();
			cluster.awaitReload(cluster.reload("").id());
			assertThat(HttpReply.get(this.other, "/").status()).isEqualTo(200);
			ClusterStatus.Reload parallel = cluster.awaitEndOfReload(cluster.reload("{\"strategy\":\"parallel\"}").id())
				.lastReload();
			assertThat(parallel.status()).isEqualTo("failed");
			assertThat(parallel.reason()).contains("port %d".formatted(this.other),
					"another worker has bound port %d, which workers cannot share".formatted(this.other));
		}
	}

	@Test
	void portThatABeanBindsIsNamedByTheFirstWorkerAndByTheOneThatFails(TestInfo test) throws IOException {
		try (ClusterProcess cluster = launcher(test, "side-door").start()) {
			cluster.awaitOutput(" WARN .* has bound port %d \\(ports.side-door\\)".formatted(this.other));
			cluster.awaitOutput("Slot 1 lost worker 2, which ended with exit code 1: .*already in use.*"
					+ "another worker has bound port %d".formatted(this.other));
			assertThat(cluster.get("/").status()).isEqualTo(200);
		}
	}

	private String outputOfFailedStart(ClusterLauncher launcher) throws IOException {
		try (ClusterProcess cluster = launcher.start()) {
			assertThat(cluster.awaitExit(Duration.ofSeconds(60))).isEqualTo(1);
			return cluster.output().text();
		}
	}

	private ClusterLauncher launcher(TestInfo test, String what) throws IOException {
		return new ClusterLauncher(test).with(this.directory, PortsAutoConfiguration.class)
			.arguments("--ports.%s=%d".formatted(what, this.other));
	}

}
