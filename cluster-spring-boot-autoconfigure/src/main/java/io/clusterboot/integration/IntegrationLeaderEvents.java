package io.clusterboot.integration;

import io.clusterboot.Cluster;
import io.clusterboot.ClusterLeader;
import io.clusterboot.event.LeaderGranted;
import io.clusterboot.event.LeaderRevoked;
import io.clusterboot.lead.WorkerLeader;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.integration.leader.Context;
import org.springframework.integration.leader.event.OnGrantedEvent;
import org.springframework.integration.leader.event.OnRevokedEvent;
import org.springframework.integration.support.SmartLifecycleRoleController;

/**
 * Publishes that this worker leads, or no longer, as Spring Integration does it, so that
 * a {@link SmartLifecycleRoleController} starts and stops what has the role
 * {@value #ROLE}. No other worker leads before all who hear of the end have done what
 * they do about it, but for as long as a leader may take to end.
 */
public final class IntegrationLeaderEvents {

	/**
	 * The role whose leader is that of the cluster.
	 */
	public static final String ROLE = "cluster";

	private final ClusterLeader leader;

	private final ApplicationEventPublisher publisher;

	private final Context context;

	// Says that what was begun has ended
	private @Nullable Runnable end;

	/**
	 * Create it.
	 * @param cluster knows who leads
	 * @param publisher publishes to the application
	 */
	public IntegrationLeaderEvents(Cluster cluster, ApplicationEventPublisher publisher) {
		this.leader = cluster.leader();
		this.publisher = publisher;
		this.context = new LeaderContext(this.leader);
	}

	@EventListener
	void on(LeaderGranted event) {
		this.end = (this.leader instanceof WorkerLeader worker) ? worker.begin(event.token()) : () -> {
		};
		// Else it has lost it already
		if (this.end != null) {
			this.publisher.publishEvent(new OnGrantedEvent(this, this.context, ROLE));
		}
	}

	@EventListener
	void on(LeaderRevoked event) {
		Runnable end = this.end;
		this.end = null;
		if (end != null) {
			try {
				this.publisher.publishEvent(new OnRevokedEvent(this, this.context, ROLE));
			}
			finally {
				end.run();
			}
		}
	}

	/**
	 * What listeners may ask.
	 *
	 * @param leader knows whether this worker leads
	 */
	private record LeaderContext(ClusterLeader leader) implements Context {

		@Override
		public boolean isLeader() {
			return this.leader.isLeader();
		}

		@Override
		public void yield() {
			if (!(this.leader instanceof WorkerLeader worker)) {
				throw new UnsupportedOperationException("Without a cluster there is nobody else to lead");
			}
			worker.giveUp();
		}

		@Override
		public String getRole() {
			return ROLE;
		}

	}

}
