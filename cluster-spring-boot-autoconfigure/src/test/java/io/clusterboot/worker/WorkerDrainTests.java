package io.clusterboot.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.clusterboot.channel.Message;
import io.clusterboot.socket.AcceptGate;
import io.clusterboot.socket.GatedServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerDrain}.
 */
@Timeout(60)
class WorkerDrainTests {

	private final List<Message> sent = new ArrayList<>();

	private final GatedServer server = Mockito.mock();

	private final WorkerDrain drain = new WorkerDrain(new WorkerGate(new AcceptGate()), () -> this.server,
			this.sent::add);

	@Test
	void runWhenEverythingEndsInTimeSaysThatNothingWasCut() {
		BDDMockito.given(this.server.drainingConnections()).willReturn(2, 1, 0);
		BDDMockito.given(this.server.requestsInFlight()).willReturn(1);
		run(Duration.ofSeconds(30));
		assertThat(this.sent).containsExactly(new Message.GateClosed(), new Message.Drained(0));
	}

	@Test
	void runWhenTimeIsUpSaysHowManyRequestsWereCut() {
		BDDMockito.given(this.server.drainingConnections()).willReturn(5);
		BDDMockito.given(this.server.requestsInFlight()).willReturn(3);
		run(Duration.ofMillis(50));
		assertThat(this.sent).containsExactly(new Message.GateClosed(), new Message.Drained(3));
	}

	@Test
	void runClosesTheGateBeforeItSaysSo() throws Exception {
		AcceptGate accepts = new AcceptGate();
		WorkerGate gate = new WorkerGate(accepts);
		gate.permit();
		gate.accepting(true);
		assertThat(accepts.isOpen()).isTrue();
		List<Boolean> open = new ArrayList<>();
		new WorkerDrain(gate, () -> this.server, (message) -> open.add(accepts.isOpen()))
			.run(new Message.Drain(false, Duration.ofSeconds(30), Duration.ofSeconds(5)));
		assertThat(open).containsExactly(false, false);
	}

	@Test
	void runWhenThereIsNoServerYetSaysThatNothingWasCut() {
		new WorkerDrain(new WorkerGate(new AcceptGate()), () -> null, this.sent::add)
			.run(new Message.Drain(false, Duration.ofSeconds(30), Duration.ofSeconds(5)));
		assertThat(this.sent).containsExactly(new Message.GateClosed(), new Message.Drained(0));
	}

	@Test
	void runWhenItHasBeenDoneSaysNothingAgain() {
		run(Duration.ofSeconds(30));
		run(Duration.ofSeconds(30));
		assertThat(this.sent).hasSize(2);
	}

	private void run(Duration timeout) {
		this.drain.run(new Message.Drain(false, timeout, Duration.ofSeconds(5)));
	}

}
