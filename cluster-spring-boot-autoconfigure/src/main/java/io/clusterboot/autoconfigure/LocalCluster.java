package io.clusterboot.autoconfigure;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.clusterboot.ClusterCounter;
import io.clusterboot.ClusterLeader;
import io.clusterboot.ClusterLock;
import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ClusterState;
import io.clusterboot.ClusterWorker;
import io.clusterboot.IncidentSnapshot;
import io.clusterboot.LeaderSnapshot;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.WorkerMetrics;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.channel.Mail;
import io.clusterboot.contract.NamedCounter;
import io.clusterboot.contract.NamedLock;
import io.clusterboot.event.LeaderGranted;
import io.clusterboot.lead.LocalLeader;
import io.clusterboot.worker.Bus;
import io.clusterboot.worker.messages.Messages;
import io.clusterboot.worker.messages.TalkingCluster;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * The cluster of an application that runs without one: a worker, itself, and no primary.
 */
class LocalCluster extends TalkingCluster implements ApplicationListener<ApplicationEvent>, DisposableBean {

	private static final int ID = 1;

	private final ConfigurableApplicationContext context;

	// It grows over restarts
	private final LocalLeader leader = new LocalLeader(System.currentTimeMillis());

	private final Map<String, Long> counters = new ConcurrentHashMap<>();

	private final Messages messages = new Messages(this::post);

	private final LocalLocks locks = new LocalLocks(ID);

	private @Nullable Bus bus;

	private @Nullable LocalCandidate candidate;

	LocalCluster(ConfigurableApplicationContext context) {
		this.context = context;
		this.messages.belongTo(context);
	}

	/**
	 * Share with workers of other machines what workers share.
	 * @param bus by which they share it
	 * @param candidate stands for this machine
	 */
	void use(Bus bus, LocalCandidate candidate) {
		this.bus = bus;
		this.candidate = candidate;
		bus.leader().begins(this.context);
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (event instanceof ContextRefreshedEvent refreshed && refreshed.getApplicationContext() == this.context) {
			this.messages.begin(this.context);
		}
		// As a worker, which leads when it is ready
		else if (event instanceof ApplicationReadyEvent ready && ready.getApplicationContext() == this.context) {
			if (this.candidate != null) {
				this.candidate.begin();
			}
			else {
				this.context.publishEvent(new LeaderGranted(this.leader.number()));
			}
		}
	}

	@Override
	public void destroy() {
		if (this.candidate != null) {
			this.candidate.end();
		}
		this.messages.end();
	}

	@Override
	public Messages messages() {
		return this.messages;
	}

	private void post(Mail.Outgoing mail) {
		if (this.bus != null) {
			this.bus.post(mail);
		}
		else if (mail instanceof Mail.Reads) {
			this.messages.received(new Mail.CaughtUp());
		}
		else if (mail instanceof Mail.Post post) {
			boolean isOurs = post.target() == Mail.Post.ALL || post.target() == ID;
			this.messages.received(new Mail.Posted(post.id(), (isOurs) ? List.of(ID) : List.of(), List.of(), null));
			if (isOurs) {
				this.messages.received(new Mail.Delivery(ID, (post.asks()) ? post.id() : 0, post.letter()));
			}
		}
		else if (mail instanceof Mail.Answer answer) {
			this.messages.received(new Mail.Answered(ID, answer.question(), answer.failure(), answer.letter()));
		}
	}

	@Override
	public boolean isClustered() {
		return false;
	}

	@Override
	public int id() {
		return ID;
	}

	@Override
	public int slot() {
		return 0;
	}

	@Override
	public int generation() {
		return 1;
	}

	@Override
	public ClusterWorker worker(int id) {
		return new LocalWorker(id);
	}

	@Override
	public ClusterCounter counter(String name) {
		return new NamedCounter(name, (delta) -> (this.bus != null) ? this.bus.add(name, delta)
				: this.counters.merge(name, delta, Long::sum));
	}

	@Override
	public ClusterLeader leader() {
		return (this.bus != null) ? this.bus.leader() : this.leader;
	}

	@Override
	public ClusterLock semaphore(String name, int permits) {
		return new NamedLock(name, permits, (this.bus != null) ? this.bus.locks() : this.locks);
	}

	@Override
	public ClusterSnapshot snapshot() {
		long pid = ProcessHandle.current().pid();
		Instant started = Instant.ofEpochMilli(this.context.getStartupDate());
		WorkerSnapshot self = new WorkerSnapshot(ID, 0, pid, 1, WorkerState.READY, started, started, 0, 0,
				WorkerMetrics.NONE);
		int port = this.context.getEnvironment().getProperty("local.server.port", Integer.class, 0);
		return new ClusterSnapshot(ClusterState.RUNNING, new PrimarySnapshot(pid, started), port, 1, 1, List.of(self),
				List.of(), List.of(), null, new LeaderSnapshot(ID, this.leader.number()));
	}

	@Override
	public ReloadSnapshot reload(@Nullable ReloadStrategy strategy) {
		throw unavailable("be reloaded");
	}

	@Override
	public List<ReloadSnapshot> reloads() {
		return List.of();
	}

	@Override
	public @Nullable ReloadSnapshot abort(int id) {
		return null;
	}

	@Override
	public int scale(int workers) {
		if (workers != 1) {
			throw new IllegalArgumentException(
					"This application runs without a cluster, so there is 1 worker and cannot be " + workers);
		}
		return 1;
	}

	@Override
	public List<IncidentSnapshot> incidents() {
		return List.of();
	}

	@Override
	public @Nullable IncidentSnapshot incident(int id) {
		return null;
	}

	// Who calls may be a request, whose end is waited for
	@Override
	public void shutdown() {
		Thread thread = new Thread(this.context::close, "cluster-shutdown");
		thread.setContextClassLoader(getClass().getClassLoader());
		thread.start();
	}

	private static PrimaryUnavailableException unavailable(String what) {
		return new PrimaryUnavailableException("This application runs without a cluster and cannot " + what, null);
	}

	/**
	 * Nobody would take its place.
	 */
	private record LocalWorker(int id) implements ClusterWorker {

		@Override
		public boolean disconnect() {
			return end();
		}

		@Override
		public boolean kill() {
			return end();
		}

		private boolean end() {
			if (this.id != ID) {
				return false;
			}
			throw unavailable("replace its only worker");
		}

	}

}
