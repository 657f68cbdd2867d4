package io.clusterboot.worker;

import java.time.Duration;

import io.clusterboot.gate.AcceptGate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerParking}.
 */
class WorkerParkingTests {

	private final AcceptGate acceptGate = new AcceptGate();

	private final WorkerGate gate = new WorkerGate(this.acceptGate);

	private final StubServer server = new StubServer();

	private final WorkerParking parking = new WorkerParking(this.gate, () -> this.server);

	@BeforeEach
	void open() {
		this.gate.accepting(true);
		this.parking.end();
	}

	@Test
	void parkedWorkerAcceptsNothingAndTellsConnectionsToGo() {
		assertThat(this.acceptGate.isOpen()).isTrue();
		this.parking.begin(Duration.ofMinutes(1));
		assertThat(this.acceptGate.isOpen()).isFalse();
		Awaitility.await().until(() -> !this.server.keepAlive);
		assertThat(this.server.idleClosed).isFalse();
	}

	@Test
	void idleConnectionsAreClosedAfterTheGrace() {
		this.parking.begin(Duration.ZERO);
		Awaitility.await().until(() -> this.server.idleClosed);
	}

	@Test
	void endOpensAtOnceAndKeepsConnectionsAliveAgain() {
		this.parking.begin(Duration.ZERO);
		Awaitility.await().until(() -> this.server.idleClosed);
		this.parking.end();
		assertThat(this.acceptGate.isOpen()).isTrue();
		Awaitility.await().until(() -> this.server.keepAlive);
	}

	@Test
	void workerThatIsParkedAgainAtOnceIsParked() {
		this.parking.begin(Duration.ZERO);
		this.parking.end();
		this.parking.begin(Duration.ZERO);
		assertThat(this.acceptGate.isOpen()).isFalse();
		Awaitility.await().until(() -> !this.server.keepAlive);
		this.parking.end();
		Awaitility.await().during(Duration.ofMillis(200)).until(() -> this.server.keepAlive);
	}

	@Test
	void parkedWorkerWhoseApplicationRefusesTrafficStaysClosed() {
		this.parking.begin(Duration.ZERO);
		this.gate.accepting(false);
		this.parking.end();
		assertThat(this.acceptGate.isOpen()).isFalse();
	}

}
