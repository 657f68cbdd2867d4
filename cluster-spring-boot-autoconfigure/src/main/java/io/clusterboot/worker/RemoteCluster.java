package io.clusterboot.worker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
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
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.channel.Requester;
import io.clusterboot.contract.NamedCounter;
import io.clusterboot.contract.NamedLock;
import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.worker.messages.Messages;
import io.clusterboot.worker.messages.TalkingCluster;
import org.jspecify.annotations.Nullable;

/**
 * Asks the primary over the channel.
 */
public final class RemoteCluster extends TalkingCluster {

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private final Supplier<WorkerIdentity> identity;

	private final Consumer<Message> send;

	private final ClusterLeader leader;

	private final Supplier<Requester> requester;

	private final AtomicLong lastId;

	private final Map<Long, CompletableFuture<Reply>> pending;

	private final Messages messages;

	// All who want to know the same at the same time share one question
	private final Map<String, CompletableFuture<Reply>> shared;

	RemoteCluster(Supplier<WorkerIdentity> identity, Consumer<Message> send, ClusterLeader leader) {
		this(identity, send, leader, ApplicationCaller::find, new AtomicLong(), new ConcurrentHashMap<>(),
				new Messages(send::accept), new ConcurrentHashMap<>());
	}

	private RemoteCluster(Supplier<WorkerIdentity> identity, Consumer<Message> send, ClusterLeader leader,
			Supplier<Requester> requester, AtomicLong lastId, Map<Long, CompletableFuture<Reply>> pending,
			Messages messages, Map<String, CompletableFuture<Reply>> shared) {
		this.identity = identity;
		this.send = send;
		this.leader = leader;
		this.requester = requester;
		this.lastId = lastId;
		this.pending = pending;
		this.messages = messages;
		this.shared = shared;
	}

	/**
	 * Return the same for somebody who asks over HTTP.
	 * @param who who that is
	 * @return operations that are theirs
	 */
	public Cluster onBehalfOf(String who) {
		return new RemoteCluster(this.identity, this.send, this.leader, () -> new Requester("http", who), this.lastId,
				this.pending, this.messages, this.shared);
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
		return new RemoteWorker(id);
	}

	@Override
	public ClusterCounter counter(String name) {
		return new NamedCounter(name,
				(delta) -> ask((id) -> new Request.Count(id, name, delta), Reply.Count.class).value());
	}

	@Override
	public ClusterLeader leader() {
		return this.leader;
	}

	@Override
	public ClusterLock lock(String name) {
		return new NamedLock(name, new RemoteLocks(this));
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

	void received(Message.FromPrimary message) {
		if (message instanceof Mail.Incoming mail) {
			this.messages.received(mail);
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
			return await(asked, timeout, type);
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
		return ask(new CompletableFuture<>(), TIMEOUT, request, type);
	}

	private <T extends Reply> T ask(CompletableFuture<Reply> waiting, Duration timeout, LongFunction<Request> request,
			Class<T> type) {
		long id = this.lastId.incrementAndGet();
		this.pending.put(id, waiting);
		try {
			this.send.accept(request.apply(id));
			return await(waiting, timeout, type);
		}
		finally {
			this.pending.remove(id);
			// For whoever shares the question
			waiting.completeExceptionally(new PrimaryUnavailableException("The primary did not answer", null));
		}
	}

	private <T extends Reply> T await(CompletableFuture<Reply> waiting, Duration timeout, Class<T> type) {
		try {
			Reply reply = waiting.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
			if (reply instanceof Reply.Refusal refusal) {
				throw new PrimaryUnavailableException(refusal.reason(), null);
			}
			if (reply instanceof Reply.Invalid invalid) {
				throw new IllegalArgumentException(invalid.reason());
			}
			return type.cast(reply);
		}
		catch (TimeoutException ex) {
			throw new PrimaryUnavailableException(
					"The primary did not answer within " + timeout.toString().substring(2).replace("S", " s"), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new PrimaryUnavailableException("Interrupted while waiting for the primary", ex);
		}
		catch (ExecutionException ex) {
			throw new PrimaryUnavailableException(String.valueOf(ex.getCause().getMessage()), ex.getCause());
		}
	}

	/**
	 * What becomes of a worker is up to the primary.
	 */
	private final class RemoteWorker implements ClusterWorker {

		private final int id;

		RemoteWorker(int id) {
			this.id = id;
		}

		@Override
		public int id() {
			return this.id;
		}

		@Override
		public boolean disconnect() {
			Requester who = RemoteCluster.this.requester.get();
			return ask((id) -> new Request.Disconnect(id, who, this.id), Reply.Worker.class).known();
		}

		@Override
		public boolean kill() {
			Requester who = RemoteCluster.this.requester.get();
			return ask((id) -> new Request.Kill(id, who, this.id), Reply.Worker.class).known();
		}

	}

}
