package io.clusterboot.worker.watch;

import java.util.ArrayList;
import java.util.List;

import io.clusterboot.ResponseCounts;
import io.clusterboot.channel.Message;
import io.clusterboot.worker.StubServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Heartbeat}.
 */
class HeartbeatTests {

	private final List<Message> sent = new ArrayList<>();

	@Test
	void runWhenMetricsCannotBeLearnedSaysThatTheWorkerLives() {
		StubServer server = new StubServer() {

			@Override
			public int connections() {
				if (responses().total() > 5) {
					throw new IllegalStateException("Stopped");
				}
				return super.connections();
			}

		};
		Heartbeat heartbeat = new Heartbeat(new MetricsSource(), () -> server, () -> 3, this.sent::add);
		server.responses = new ResponseCounts(0, 5, 0, 0, 0);
		heartbeat.run();
		server.responses = new ResponseCounts(0, 6, 0, 0, 0);
		assertThatIllegalStateException().isThrownBy(heartbeat::run);
		assertThat(this.sent).hasSize(2).allSatisfy((message) -> {
			assertThat(message).isInstanceOf(Message.Heartbeat.class);
			assertThat(((Message.Heartbeat) message).metrics().responses().total()).isEqualTo(5);
		});
	}

}
