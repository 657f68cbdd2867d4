package io.clusterboot.worker;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.clusterboot.channel.Mail;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.UncaughtPolicy;
import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.listen.ReusePortGroup;
import io.clusterboot.listen.SlotSockets;
import io.clusterboot.worker.warmup.WarmUpSettings;
import io.clusterboot.worker.watch.WorkerSettings;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerLifecycle} and what {@link WorkerRuntime} makes of it.
 */
class WorkerLifecycleTests {

	private static final WorkerSettings SETTINGS = new WorkerSettings(Duration.ofSeconds(1), Duration.ZERO,
			Duration.ofSeconds(60), UncaughtPolicy.ERROR);

	private final List<Message> sent = new CopyOnWriteArrayList<>();

	private final WorkerRuntime runtime = new WorkerRuntime(new WorkerIdentity(1, 0, 1, 8080, 1, "."), SETTINGS,
			WarmUpSettings.NONE);

	private final GenericApplicationContext context = new GenericApplicationContext();

	@BeforeEach
	void start() throws IOException {
		this.runtime.onMessage(new Mail.CaughtUp(), null);
		this.context.registerBean(WorkerLifecycle.class, () -> new WorkerLifecycle(this.runtime));
		this.context.refresh();
		this.runtime.connected((message) -> {
			if (!(message instanceof Message.Heartbeat)) {
				this.sent.add(message);
			}
		});
		this.sent.clear();
	}

	@AfterEach
	void stop() {
		this.context.close();
	}

	@Test
	void livenessIsReportedWhenItChanges() {
		publish(LivenessState.CORRECT);
		assertThat(this.sent).isEmpty();
		publish(LivenessState.BROKEN);
		publish(LivenessState.BROKEN);
		publish(LivenessState.CORRECT);
		assertThat(this.sent).containsExactly(new Message.Liveness(false), new Message.Liveness(true));
	}

	@Test
	void livenessOfAnotherContextIsNotReported() {
		try (GenericApplicationContext child = new GenericApplicationContext()) {
			child.setParent(this.context);
			child.refresh();
			AvailabilityChangeEvent.publish(child, LivenessState.BROKEN);
		}
		assertThat(this.sent).isEmpty();
	}

	@Test
	void readinessIsReported() {
		AvailabilityChangeEvent.publish(this.context, ReadinessState.ACCEPTING_TRAFFIC);
		AvailabilityChangeEvent.publish(this.context, ReadinessState.REFUSING_TRAFFIC);
		assertThat(this.sent).containsExactly(new Message.Readiness(true), new Message.Readiness(false));
	}

	@Test
	void spareThatIsAssignedASlotHasItFromThenOn() throws Exception {
		WorkerIdentity spare = new WorkerIdentity(7, WorkerIdentity.NO_SLOT, 2, 8080, 1, ".");
		WorkerRuntime runtime = new WorkerRuntime(spare, SETTINGS, WarmUpSettings.NONE);
		ReusePortGroup group = ReusePortGroup.open(InetAddress.getLoopbackAddress(), 0, 2);
		try {
			runtime.onMessage(new Message.Welcome(false), SlotSockets.receive(group.descriptors().get(0)));
			runtime.onMessage(new Message.Assign(1, false), null);
			assertThat(runtime.identity()).isEqualTo(spare);
			runtime.onMessage(new Message.Assign(1, false), SlotSockets.receive(group.descriptors().get(1)));
			assertThat(runtime.identity()).isEqualTo(new WorkerIdentity(7, 1, 2, 8080, 1, "."));
		}
		finally {
			group.close();
		}
	}

	@Test
	void adoptionThatFailsIsReportedOverTheChannel() throws Exception {
		this.runtime.onMessage(new Message.Adopt(3, true), null);
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.sent).singleElement().isInstanceOf(Message.SocketFailed.class));
	}

	private void publish(LivenessState state) {
		AvailabilityChangeEvent.publish(this.context, state);
	}

}
