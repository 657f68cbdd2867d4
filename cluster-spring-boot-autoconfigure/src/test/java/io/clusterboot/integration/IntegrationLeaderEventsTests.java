package io.clusterboot.integration;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import io.clusterboot.Cluster;
import io.clusterboot.autoconfigure.ClusterIntegrationAutoConfiguration;
import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.event.LeaderGranted;
import io.clusterboot.lead.LocalLeader;
import io.clusterboot.lead.WorkerLeader;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.integration.leader.event.AbstractLeaderEvent;
import org.springframework.integration.leader.event.OnGrantedEvent;
import org.springframework.integration.support.SmartLifecycleRoleController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link IntegrationLeaderEvents}, with Spring Integration's own controller.
 */
class IntegrationLeaderEventsTests {

	private final List<Message> sent = new CopyOnWriteArrayList<>();

	private final WorkerLeader leader = new WorkerLeader(this::answer);

	private final Cluster cluster = Mockito.mock();

	private final Endpoint endpoint = new Endpoint();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClusterIntegrationAutoConfiguration.class))
		.withBean(Cluster.class, () -> this.cluster)
		.withBean(Endpoint.class, () -> this.endpoint)
		.withBean(Listener.class)
		.withBean(SmartLifecycleRoleController.class,
				() -> new SmartLifecycleRoleController(List.of("cluster"), List.of(this.endpoint)));

	@BeforeEach
	void begin() {
		BDDMockito.given(this.cluster.leader()).willReturn(this.leader);
	}

	@Test
	void endpointRunsWhileThisWorkerLeads() {
		this.runner.run((context) -> {
			this.leader.begins(context.getSourceApplicationContext(ConfigurableApplicationContext.class));
			assertThat(this.endpoint.isRunning()).isFalse();
			lead(7);
			Awaitility.await().until(this.endpoint::isRunning);
			this.leader.hears(new Leading.Resign(7));
			Awaitility.await().until(() -> !this.endpoint.isRunning());
			Awaitility.await().until(() -> this.sent.contains(new Leading.Resigned(7)));
			lead(8);
			Awaitility.await().until(this.endpoint::isRunning);
		});
	}

	@Test
	void nobodyElseLeadsBeforeTheEndpointHasStopped() {
		this.runner.run((context) -> {
			this.leader.begins(context.getSourceApplicationContext(ConfigurableApplicationContext.class));
			lead(7);
			Awaitility.await().until(this.endpoint::isRunning);
			this.endpoint.ends = new CountDownLatch(1);
			this.leader.hears(new Leading.Resign(7));
			Awaitility.await().until(() -> this.endpoint.stopping);
			assertThat(this.leader.isLeader()).isFalse();
			assertThat(this.sent).doesNotContain(new Leading.Resigned(7));
			this.endpoint.ends.countDown();
			Awaitility.await().until(() -> this.sent.contains(new Leading.Resigned(7)));
		});
	}

	@Test
	void whoYieldsLeadsNoLonger() {
		this.runner.run((context) -> {
			this.leader.begins(context.getSourceApplicationContext(ConfigurableApplicationContext.class));
			lead(7);
			Listener listener = context.getBean(Listener.class);
			Awaitility.await().until(() -> listener.last instanceof OnGrantedEvent);
			assertThat(listener.last.getContext().isLeader()).isTrue();
			assertThat(listener.last.getContext().getRole()).isEqualTo("cluster");
			listener.last.getContext().yield();
			Awaitility.await().until(() -> this.sent.contains(new Leading.Resigned(7)));
			assertThat(this.endpoint.isRunning()).isFalse();
		});
	}

	@Test
	void whatIsLostAlreadyIsNotTold() {
		this.runner.run((context) -> {
			context.publishEvent(new LeaderGranted(7));
			assertThat(context.getBean(Listener.class).last).isNull();
		});
	}

	@Test
	void endpointRunsWithoutACluster() {
		BDDMockito.given(this.cluster.leader()).willReturn(new LocalLeader(1));
		this.runner.run((context) -> {
			context.publishEvent(new LeaderGranted(1));
			assertThat(this.endpoint.isRunning()).isTrue();
			assertThatExceptionOfType(UnsupportedOperationException.class)
				.isThrownBy(() -> context.getBean(Listener.class).last.getContext().yield());
		});
	}

	@Test
	void applicationWithoutSpringIntegrationHasNoSuchBean() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ClusterIntegrationAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(AbstractLeaderEvent.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("clusterIntegrationLeaderEvents"));
	}

	private void lead(long token) {
		this.leader.hears(new Leading.Grant(token, false, Duration.ofMinutes(10), Duration.ofMinutes(1)));
		Awaitility.await().until(() -> this.leader.token().orElse(0) == token);
	}

	private void answer(Message message) {
		this.sent.add(message);
		if (message instanceof Request.Lease lease) {
			this.leader.hears(new Reply.Lease(lease.id(), true));
		}
	}

	static class Listener {

		private volatile AbstractLeaderEvent last;

		@EventListener
		void on(AbstractLeaderEvent event) {
			this.last = event;
		}

	}

	/**
	 * What starts by its role only.
	 */
	private static final class Endpoint implements SmartLifecycle {

		private volatile CountDownLatch ends = new CountDownLatch(0);

		private volatile boolean running;

		private volatile boolean stopping;

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop() {
			this.stopping = true;
			try {
				this.ends.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public boolean isAutoStartup() {
			return false;
		}

	}

}
