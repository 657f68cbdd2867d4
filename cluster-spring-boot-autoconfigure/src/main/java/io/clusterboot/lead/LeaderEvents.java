package io.clusterboot.lead;

import io.clusterboot.event.LeaderEvent;
import io.clusterboot.event.LeaderGranted;
import io.clusterboot.event.LeaderRevoked;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.log.LogMessage;

/**
 * Publishes to the application whether this worker leads, on a thread that may be kept
 * waiting. What has changed back meanwhile is not told.
 */
final class LeaderEvents implements Runnable {

	private static final Log logger = LogFactory.getLog(LeaderEvents.class);

	private final WorkerLeader leader;

	private final ConfigurableApplicationContext context;

	LeaderEvents(WorkerLeader leader, ConfigurableApplicationContext context) {
		this.leader = leader;
		this.context = context;
	}

	@Override
	public void run() {
		try {
			long told = 0;
			while (true) {
				long token = this.leader.awaitChange(told);
				if (told != 0) {
					publish(new LeaderRevoked(told));
				}
				if (token != 0) {
					publish(new LeaderGranted(token));
				}
				told = token;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void publish(LeaderEvent event) {
		try {
			if (this.context.isActive()) {
				this.context.publishEvent(event);
			}
		}
		catch (RuntimeException ex) {
			logger.warn(LogMessage.format("A listener failed at %s", event), ex);
		}
	}

}
