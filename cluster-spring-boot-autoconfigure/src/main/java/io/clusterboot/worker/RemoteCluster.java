package io.clusterboot.worker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;

import io.clusterboot.Cluster;
import io.clusterboot.ClusterCounter;
import io.clusterboot.ClusterLeader;
import io.clusterboot.ClusterLock;
import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ClusterWorker;
import io.clusterboot.IncidentSnapshot;
import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.channel.Mail;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Numbers;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.channel.Requester;
import io.clusterboot.contract.BusState;
import io.clusterboot.contract.NamedCounter;
import io.clusterboot.contract.NamedLock;
import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.lead.WorkerLeader;
import io.clusterboot.worker.messages.Messages;
import io.clusterboot.worker.messages.TalkingCluster;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * Asks the primary over the channel.
 */
public final class RemoteCluster extends TalkingCluster {

	static final Duration TIMEOUT = Duration.ofSeconds(5);

	private final Supplier<WorkerIdentity> identity;

	private final Consumer<Message> send;

	private final ClusterLeader leader;

	private final Supplier<Requester> requester;

	private final AtomicLong lastId;

	private final Map<Long, CompletableFuture<Reply>> pending;

	private final Messages messages;

	private final Reporting reporting;

	// All who want to know the same at the same time share one question
	private final Map<String, CompletableFuture<Reply>> shared;

	private final AtomicReference<@Nullable Bus> bus;

	RemoteCluster(Supplier<WorkerIdentity> identity, Consumer<Message> send, ClusterLeader leader) {
		this.identity = identity;
		this.send = send;
		this.leader = leader;
		this.requester = ApplicationCaller::find;
		this.lastId = new AtomicLong();
		this.pending = new ConcurrentHashMap<>();
		this.messages = new Messages(this::post);
		this.reporting = new Reporting(send);
		this.shared = new ConcurrentHashMap<>();
		this.bus = new AtomicReference<>();
	}

	private RemoteCluster(RemoteCluster same, Supplier<Requester> requester) {
		this.identity = same.identity;
		this.send = same.send;
		this.leader = same.leader;
		this.requester = requester;
		this.lastId = same.lastId;
		this.pending = same.pending;
		this.messages = same.messages;
		this.reporting = same.reporting;
		this.shared = same.shared;
		this.bus = same.bus;
	}

	/**
	 * Share with workers of other machines what workers share, instead of by the primary.
	 * @param bus by which they share it
	 */
	public void use(Bus bus) {
		this.bus.set(bus);
	}

	/**
	 * Return how the bus fares.
	 * @return its state, or {@code null} if there is none but the primary
	 */
	public @Nullable BusState busState() {
		Bus bus = this.bus.get();
		return (bus != null) ? bus.state() : null;
	}

	// Whoever leads one machine of several need not lead
	void begins(ConfigurableApplicationContext context) {
		if (leader() instanceof WorkerLeader leading) {
			leading.begins(context);
		}
	}

	private void post(Mail.Outgoing mail) {
		Bus bus = this.bus.get();
		if (bus != null) {
			bus.post(mail);
		}
		else {
			this.send.accept(mail);
		}
	}

	/**
	 * Return the same for somebody who asks over HTTP.
	 * @param who who that is
	 * @return operations that are theirs
	 */
	public Cluster onBehalfOf(String who) {
		return new RemoteCluster(this, () -> new Requester("http", who));
	}

	@Override
	public boolean isClustered() {
		return true;
	}

	@Override
	public int id() {
		return this.identity.get().id();
	}

	@Override
	public int slot() {
		return this.identity.get().slot();
	}

	@Override
	public int generation() {
		return this.identity.get().generation();
	}

	@Override
	public ClusterWorker worker(int id) {
		return new RemoteWorker(this, this.requester, id);
	}

	@Override
	public ClusterCounter counter(String name) {
		return new NamedCounter(name, (delta) -> {
			Bus bus = this.bus.get();
			return (bus != null) ? bus.add(name, delta)
					: ask((id) -> new Request.Count(id, name, delta), Reply.Count.class).value();
		});
	}

	@Override
	public ClusterLeader leader() {
		Bus bus = this.bus.get();
		return (bus != null) ? bus.leader() : this.leader;
	}

	@Override
	public ClusterLock semaphore(String name, int permits) {
		Bus bus = this.bus.get();
		return new NamedLock(name, permits, (bus != null) ? bus.locks() : new RemoteLocks(this));
	}

	@Override
	public ClusterSnapshot snapshot() {
		return look("snapshot", Request.Snapshot::new, Reply.Snapshot.class).snapshot();
	}

	/**
	 * Return the cluster to somebody who cannot wait long. Shares no question with those
	 * who can.
	 * @param timeout how long to wait
	 * @return the cluster now
	 * @throws PrimaryUnavailableException if the primary does not answer in time
	 */
	public ClusterSnapshot snapshot(Duration timeout) {
		return look("snapshot within " + timeout, timeout, Request.Snapshot::new, Reply.Snapshot.class).snapshot();
	}

	@Override
	public ReloadSnapshot reload(@Nullable ReloadStrategy strategy) {
		Requester requester = this.requester.get();
		return ask((id) -> new Request.Reload(id, requester, strategy), Reply.Reload.class).reload();
	}

	@Override
	public List<ReloadSnapshot> reloads() {
		return look("reloads", Request.Reloads::new, Reply.Reloads.class).reloads();
	}

	@Override
	public @Nullable ReloadSnapshot abort(int reload) {
		Requester requester = this.requester.get();
		return ask((id) -> new Request.Abort(id, requester, reload), Reply.Abort.class).reload();
	}

	@Override
	public List<IncidentSnapshot> incidents() {
		return look("incidents", Request.Incidents::new, Reply.Incidents.class).incidents();
	}

	@Override
	public @Nullable IncidentSnapshot incident(int id) {
		return look("incident " + id, (request) -> new Request.Incident(request, id), Reply.Incident.class).incident();
	}

	@Override
	public int scale(int workers) {
		if (workers < 1) {
			throw new IllegalArgumentException("The number of workers must be at least 1, not " + workers);
		}
		Requester requester = this.requester.get();
		return ask((id) -> new Request.Scale(id, requester, workers), Reply.Scale.class).workers();
	}

	@Override
	public void shutdown() {
		Requester requester = this.requester.get();
		ask((id) -> new Request.Shutdown(id, requester), Reply.Shutdown.class);
	}

	@Override
	public Messages messages() {
		return this.messages;
	}

	public Reporting reporting() {
		return this.reporting;
	}

	/**
	 * Return what the metrics of all workers are together.
	 * @param timeout how long to wait
	 * @return the numbers, in parts
	 * @throws PrimaryUnavailableException if the primary does not answer in time
	 */
	public List<Reply.Numbers> numbers(Duration timeout) {
		Pages pages = new Pages();
		ask(pages, timeout, Request.Numbers::new, Reply.Numbers.class);
		return pages.all();
	}

	/**
	 * Return the cluster and what has happened in it.
	 * @param timeout how long to wait
	 * @return the answer
	 * @throws PrimaryUnavailableException if the primary does not answer in time
	 */
	public Reply.Tally tally(Duration timeout) {
		return ask(timeout, Request.Tally::new, Reply.Tally.class);
	}

	void received(Message.FromPrimary message) {
		if (message instanceof Mail.Incoming mail) {
			// The primary keeps nothing for a worker that says everything elsewhere
			if (this.bus.get() == null) {
				this.messages.received(mail);
			}
		}
		else if (message instanceof Numbers) {
			this.reporting.received(message);
		}
		else if (message instanceof Reply reply) {
			onReply(reply);
		}
	}

	private void onReply(Reply reply) {
		CompletableFuture<Reply> waiting = this.pending.get(reply.id());
		if (waiting != null) {
			waiting.complete(reply);
		}
	}

	private <T extends Reply> T look(String what, LongFunction<Request> request, Class<T> type) {
		return look(what, TIMEOUT, request, type);
	}

	// An answer that is there already may be older than what the caller has done since
	private <T extends Reply> T look(String what, Duration timeout, LongFunction<Request> request, Class<T> type) {
		CompletableFuture<Reply> mine = new CompletableFuture<>();
		CompletableFuture<Reply> asked = this.shared.compute(what,
				(key, current) -> (current != null && !current.isDone()) ? current : mine);
		if (asked != mine) {
			return Replies.await(asked, timeout, type);
		}
		try {
			return ask(mine, timeout, request, type);
		}
		finally {
			this.shared.remove(what, mine);
		}
	}

	/**
	 * Ask for something whose answer does not matter.
	 * @param request makes the request, by its id
	 */
	void tell(LongFunction<Request> request) {
		this.send.accept(request.apply(this.lastId.incrementAndGet()));
	}

	<T extends Reply> T ask(LongFunction<Request> request, Class<T> type) {
		return ask(TIMEOUT, request, type);
	}

	<T extends Reply> T ask(Duration timeout, LongFunction<Request> request, Class<T> type) {
		return ask(new CompletableFuture<>(), timeout, request, type);
	}

	private <T extends Reply> T ask(CompletableFuture<Reply> waiting, Duration timeout, LongFunction<Request> request,
			Class<T> type) {
		long id = this.lastId.incrementAndGet();
		this.pending.put(id, waiting);
		try {
			this.send.accept(request.apply(id));
			return Replies.await(waiting, timeout, type);
		}
		finally {
			this.pending.remove(id);
			// For whoever shares the question
			waiting.completeExceptionally(new PrimaryUnavailableException("The primary did not answer", null));
		}
	}

}
