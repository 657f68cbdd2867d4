package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Path;

import io.clusterboot.it.variant.GarblingAutoConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A worker that writes anything to its channel ends itself and nobody else.
 */
class GarblingWorkerIT {

	private static final int CLIENTS = 4;

	@TempDir
	private static Path directory;

	private static ClusterProcess shared;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		shared = new ClusterLauncher(test).with(directory, GarblingAutoConfiguration.class).start();
	}

	@AfterAll
	static void stop() {
		shared.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1 })
	void workerWhoseChannelHasGarbageIsReplacedAndTheOthersServe(int first) throws IOException {
		ClusterStatus before = shared.awaitSettled();
		ClusterStatus.Worker victim = before.worker(1);
		try (Clients clients = Clients.connecting(shared.port(), "/", CLIENTS)) {
			shared.await("load", () -> clients.succeeded() > 100);
			HttpConnection connection = shared.connect(victim.pid(), 1).get(0);
			connection.request("GET", "/garble?first=" + first, "");
			ClusterStatus after = shared.await("replacement")
				.until(shared::awaitSettled, (status) -> status.worker(1).id() != victim.id());
			connection.close();
			shared.awaitOutput("pid=" + victim.pid() + " ending: its channel has ended \\((?!end of file)");
			assertThat(after.primary().pid()).isEqualTo(before.primary().pid());
			assertThat(after.worker(0).pid()).isEqualTo(before.worker(0).pid());
			clients.assertAtMostBroke(CLIENTS);
		}
		assertThat(shared.residentKilobytes()).isLessThanOrEqualTo(ClusterProcess.PRIMARY_LIMIT);
	}

}
