package io.clusterboot.lead;

import java.util.function.Supplier;

import io.clusterboot.ClusterLeader;

import org.springframework.core.Ordered;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/**
 * Has the time of the last run of what runs once per cluster go with the leadership,
 * whatever scheduler the application has chosen.
 */
public final class LeaderScheduling implements SchedulingConfigurer, Ordered {

	private final Supplier<ClusterLeader> leader;

	private final boolean scheduling;

	/**
	 * Create the scheduling of a worker.
	 * @param leader whether this worker leads
	 * @param scheduling whether all methods that are scheduled run on the leader only
	 */
	public LeaderScheduling(Supplier<ClusterLeader> leader, boolean scheduling) {
		this.leader = leader;
		this.scheduling = scheduling;
	}

	@Override
	public void configureTasks(ScheduledTaskRegistrar registrar) {
		TaskScheduler scheduler = registrar.getScheduler();
		if (scheduler != null && this.leader.get() instanceof WorkerLeader worker) {
			registrar.setTaskScheduler(new LeaderTaskScheduler(scheduler, worker, new OncePointcut(this.scheduling)));
		}
	}

	// After those of the application
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
