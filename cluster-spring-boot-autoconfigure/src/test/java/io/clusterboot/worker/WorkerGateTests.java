package io.clusterboot.worker;

import java.nio.channels.ServerSocketChannel;

import io.clusterboot.gate.AcceptGate;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerGate}.
 */
class WorkerGateTests {

	private final AcceptGate acceptGate = new AcceptGate();

	private final WorkerGate gate = new WorkerGate(this.acceptGate);

	@Test
	void opensWhenPrimaryAndApplicationWantIt() {
		assertThat(this.gate.accepting(true)).isTrue();
		assertThat(this.acceptGate.isOpen()).isFalse();
		this.gate.permit();
		assertThat(this.acceptGate.isOpen()).isTrue();
	}

	@Test
	void followsReadinessAndRemembersThatThereMayBeRequestsInFlight() {
		this.gate.permit();
		assertThat(this.gate.wasReady()).isFalse();
		this.gate.accepting(true);
		this.gate.accepting(false);
		assertThat(this.acceptGate.isOpen()).isFalse();
		assertThat(this.gate.wasReady()).isTrue();
		this.gate.accepting(true);
		assertThat(this.acceptGate.isOpen()).isTrue();
	}

	@Test
	void closesWhileThePrimaryForbidsIt() {
		this.gate.permit();
		this.gate.accepting(true);
		this.gate.forbid();
		assertThat(this.acceptGate.isOpen()).isFalse();
		this.gate.permit();
		assertThat(this.acceptGate.isOpen()).isTrue();
	}

	@Test
	void failsOpenWithoutPermissionOrReadinessUntilItIsToldNotTo() {
		this.gate.failOpen(true);
		assertThat(this.acceptGate.isOpen()).isTrue();
		assertThat(this.gate.wasReady()).isFalse();
		assertThat(this.gate.mayHaveServed()).isTrue();
		this.gate.accepting(true);
		this.gate.accepting(false);
		assertThat(this.acceptGate.isOpen()).isTrue();
		this.gate.failOpen(false);
		assertThat(this.acceptGate.isOpen()).isFalse();
	}

	@Test
	void staysClosedAfterTheEndEvenIfItIsToFailOpen() {
		this.gate.end(false);
		this.gate.failOpen(true);
		assertThat(this.acceptGate.isOpen()).isFalse();
	}

	@Test
	void orphanClosesItsSocketsAtTheEnd() throws Exception {
		try (ServerSocketChannel socket = ServerSocketChannel.open()) {
			socket.configureBlocking(false);
			this.acceptGate.add(socket);
			this.gate.orphan();
			assertThat(socket.isOpen()).isTrue();
			this.gate.end(true);
			assertThat(socket.isOpen()).isFalse();
		}
	}

	@Test
	void gateThatHasEndedClosesItsSocketsWhenItIsOrphaned() throws Exception {
		try (ServerSocketChannel socket = ServerSocketChannel.open()) {
			socket.configureBlocking(false);
			this.acceptGate.add(socket);
			this.gate.end(false);
			assertThat(socket.isOpen()).isTrue();
			this.gate.orphan();
			assertThat(socket.isOpen()).isFalse();
		}
	}

	@Test
	void staysClosedAfterTheEnd() {
		this.gate.permit();
		this.gate.accepting(true);
		this.gate.end(false);
		assertThat(this.gate.accepting(true)).isFalse();
		assertThat(this.acceptGate.isOpen()).isFalse();
	}

}
