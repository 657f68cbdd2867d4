package io.clusterboot.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.clusterboot.event.ClusterEvent;
import io.clusterboot.event.ClusterScaled;
import io.clusterboot.event.WorkerEvent;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClusterEvents}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ClusterEventsTests {

	private final ClusterEvents events = new ClusterEvents();

	@Test
	void applicationThatListensIsTold() throws Exception {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Scaled.class)) {
			assertThat(this.events.begin(context)).isTrue();
			this.events.happened(new ClusterScaled(2, 3));
			this.events.happened(new ClusterScaled(3, 4));
			Scaled listener = context.getBean(Scaled.class);
			assertThat(listener.heard.poll(10, TimeUnit.SECONDS)).isEqualTo(new ClusterScaled(2, 3));
			assertThat(listener.heard.poll(10, TimeUnit.SECONDS)).isEqualTo(new ClusterScaled(3, 4));
		}
	}

	@Test
	void applicationThatListensToAKindIsTold() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(AnyWorker.class)) {
			assertThat(this.events.begin(context)).isTrue();
		}
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Anything.class)) {
			assertThat(new ClusterEvents().begin(context)).isTrue();
		}
	}

	@Test
	void applicationThatListensToNothingOrToEverythingIsNotBothered() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Indifferent.class)) {
			assertThat(this.events.begin(context)).isFalse();
		}
	}

	@Test
	void listenerThatFailsOrIsSlowHarmsNobody(CapturedOutput output) throws Exception {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Slow.class)) {
			assertThat(this.events.begin(context)).isTrue();
			this.events.happened(new ClusterScaled(0, 1));
			Slow slow = context.getBean(Slow.class);
			assertThat(slow.entered.await(10, TimeUnit.SECONDS)).isTrue();
			for (int i = 1; i <= 1002; i++) {
				this.events.happened(new ClusterScaled(i, i + 1));
			}
			slow.go.countDown();
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.until(() -> slow.heard.contains(new ClusterScaled(1002, 1003)));
			assertThat(slow.heard).hasSize(1001).doesNotContain(new ClusterScaled(2, 3));
			assertThat(output).contains("2 events of the cluster were missed", "A listener failed at ClusterScaled");
		}
	}

	static class Scaled {

		final BlockingQueue<ClusterScaled> heard = new LinkedBlockingQueue<>();

		@EventListener
		void on(ClusterScaled event) {
			this.heard.add(event);
		}

	}

	static class AnyWorker {

		@EventListener
		void on(WorkerEvent event) {
		}

	}

	static class Anything {

		@EventListener
		void on(ClusterEvent event) {
		}

	}

	static class Indifferent {

		@EventListener
		void onString(String event) {
		}

		@EventListener
		void onEvent(ApplicationEvent event) {
		}

		@EventListener
		void onObject(Object event) {
		}

	}

	static class Slow {

		final List<ClusterScaled> heard = new ArrayList<>();

		final CountDownLatch entered = new CountDownLatch(1);

		final CountDownLatch go = new CountDownLatch(1);

		@EventListener
		void on(ClusterScaled event) throws InterruptedException {
			this.entered.countDown();
			this.go.await();
			this.heard.add(event);
			if (event.from() == 0) {
				throw new IllegalStateException("This listener is not in the mood");
			}
		}

	}

}
