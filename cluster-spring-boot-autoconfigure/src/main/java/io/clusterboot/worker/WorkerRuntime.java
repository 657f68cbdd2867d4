package io.clusterboot.worker;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

import io.clusterboot.ClusterException;
import io.clusterboot.IncidentCause;
import io.clusterboot.channel.ByteBudget;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.MessageChannel;
import io.clusterboot.channel.MessageHandler;
import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.gate.AcceptGate;
import io.clusterboot.gate.GatedServer;
import io.clusterboot.lead.WorkerLeader;
import io.clusterboot.posix.Descriptor;
import io.clusterboot.posix.Signals;
import io.clusterboot.posix.StandardInput;
import io.clusterboot.worker.warmup.WarmUpSettings;
import io.clusterboot.worker.watch.Heartbeat;
import io.clusterboot.worker.watch.MetricsSource;
import io.clusterboot.worker.watch.ThreadDumper;
import io.clusterboot.worker.watch.Ticker;
import io.clusterboot.worker.watch.UncaughtDetector;
import io.clusterboot.worker.watch.WorkerSettings;
import io.clusterboot.worker.watch.WorkerWatch;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * A worker's end of the channel: does what the primary says and tells it how the
 * application fares. There is one in each worker's process.
 */
public final class WorkerRuntime {

	private static final Log logger = LogFactory.getLog(WorkerRuntime.class);

	private volatile WorkerIdentity identity;

	private final Outbox outbox = new Outbox();

	private final AcceptGate acceptGate = new AcceptGate();

	private final WorkerGate gate = new WorkerGate(this.acceptGate);

	private final AdoptedSockets adopted = new AdoptedSockets(this.acceptGate, this.outbox::send);

	private final AtomicReference<@Nullable GatedServer> server = new AtomicReference<>();

	private final CompletableFuture<Map<String, String>> configuration = new CompletableFuture<>();

	private final SlotSocket socket = new SlotSocket(this.acceptGate);

	private final WorkerLeader leader = new WorkerLeader(this.outbox::send);

	private final RemoteCluster cluster = new RemoteCluster(this::identity, this.outbox::send, this.leader);

	private final ClusterEvents events = new ClusterEvents();

	private final WorkerDrain workerDrain;

	private final WorkerExit exit;

	private final WorkerParking parking = new WorkerParking(this.gate, this.server::get);

	private final WorkerSettings settings;

	private final UncaughtDetector uncaught;

	private final WarmStart warmStart;

	private volatile IntSupplier beans = () -> 0;

	private boolean accepting;

	private boolean correct = true;

	WorkerRuntime(WorkerIdentity identity, WorkerSettings settings, WarmUpSettings warmUp) {
		this.identity = identity;
		this.settings = settings;
		this.uncaught = new UncaughtDetector(settings.replaceOnUncaught());
		this.workerDrain = new WorkerDrain(this.gate, this.server::get, this.outbox::send, this.leader, this.cluster);
		this.exit = new WorkerExit(settings, this.gate, this.workerDrain, this.outbox::send);
		this.warmStart = new WarmStart(this.acceptGate, warmUp, this::failedToWarmUp);
	}

	/**
	 * Take up the channel that is this process's standard input, in the background.
	 * @param identity who this worker is
	 * @param settings what it must know without the primary
	 * @param warmUp what it does before it serves
	 * @return the runtime
	 */
	public static WorkerRuntime start(WorkerIdentity identity, WorkerSettings settings, WarmUpSettings warmUp) {
		WorkerRuntime runtime = new WorkerRuntime(identity, settings, warmUp);
		runtime.exit.register();
		runtime.uncaught.install();
		WorkerThreads.start("cluster-connect", runtime::connect);
		return runtime;
	}

	/**
	 * Tell the primary what the configuration says about the cluster.
	 * @param properties the properties in canonical form
	 */
	public void configured(Map<String, String> properties) {
		this.configuration.complete(properties);
	}

	/**
	 * Return who this worker is. A spare becomes somebody else when it is given a slot.
	 * @return who it is now
	 */
	public WorkerIdentity identity() {
		return this.identity;
	}

	public RemoteCluster cluster() {
		return this.cluster;
	}

	/**
	 * Return the gate, with the slot's socket behind it. Waits for as long as it takes: a
	 * primary that was stopped will go on, and the end of one is noticed elsewhere.
	 * @return the gate, closed until primary and application want it open
	 * @throws ClusterException if the primary cannot be reached
	 */
	public AcceptGate awaitGate() {
		return this.socket.await();
	}

	/**
	 * Say which server accepts through the gate.
	 * @param server the server
	 * @param sideDoor says who may come in by the side door
	 */
	public void serve(GatedServer server, Predicate<SocketChannel> sideDoor) {
		this.server.set(server);
		this.warmStart.serve(server, sideDoor);
	}

	/**
	 * Say how far the start of the application has come.
	 * @param beans how many beans there are, asked by another thread
	 */
	public void starts(IntSupplier beans) {
		this.beans = beans;
	}

	void listening(int port) {
		this.outbox.send(new Message.Listening(port, this.warmStart.listening(port)));
	}

	/**
	 * Tell the primary why this process is about to end.
	 * @param reason why
	 */
	public void startFailed(String reason) {
		this.outbox.send(new Message.StartFailed(reason));
	}

	// Its beans are there and may begin to run
	void begins(ConfigurableApplicationContext context) {
		this.cluster.begins(context);
		if (this.events.begin(context)) {
			this.outbox.send(new Message.Listens());
		}
		this.cluster.messages().begin(context);
	}

	synchronized void readiness(boolean accepting) {
		if (accepting && !this.gate.wasReady()) {
			// now, because the start needs the processors
			WorkerThreads.start("cluster-classes", OwnClasses::load);
		}
		this.accepting = accepting;
		if (accepting && !this.warmStart.isOver()) {
			this.warmStart.begin(this::tellReadiness);
		}
		else {
			tellReadiness();
		}
	}

	private synchronized void tellReadiness() {
		this.outbox.send(new Message.Readiness(this.gate.accepting(this.accepting)));
	}

	private void failedToWarmUp(String reason) {
		logger.error("This worker does not start: " + reason);
		startFailed(reason);
		System.exit(1);
	}

	/**
	 * Tell the primary that this worker is to be replaced. One that has stalled takes in
	 * nothing more until then, which could only wait. What prevents the report, as want
	 * of memory does, is thrown, and the report can be made again.
	 * @param unhealthy why
	 */
	synchronized void unhealthy(Message.Unhealthy unhealthy) {
		if (unhealthy.cause() == IncidentCause.STALL) {
			this.gate.end(false);
			this.outbox.send(new Message.Readiness(false));
		}
		this.outbox.send(unhealthy);
	}

	/**
	 * Tell the primary whether the application works, if that is news: until it hears
	 * otherwise the primary takes it that it does.
	 * @param correct whether the application works
	 */
	synchronized void liveness(boolean correct) {
		if (correct != this.correct) {
			this.correct = correct;
			this.outbox.send(new Message.Liveness(correct));
		}
	}

	/**
	 * Drain because the application's context closes, unless that is why it does. Returns
	 * when the application can be told.
	 */
	void contextClosing() {
		this.warmStart.stop();
		this.exit.drainNow();
	}

	/**
	 * Wait for what the drain has left when the context began to close.
	 */
	void awaitDrained() {
		this.workerDrain.awaitEnd();
	}

	private void connect() {
		try {
			// Somebody may have begun to read from it, and would get what is not theirs
			Descriptor descriptor = MessageChannel.move(StandardInput.take());
			MessageChannel channel = new MessageChannel(descriptor, "cluster-primary", new Inbound(),
					new ByteBudget(0));
			channel.start();
			connected((message) -> channel.send(message, null));
		}
		catch (IOException | LinkageError ex) {
			logger.error("This worker cannot reach its primary", ex);
			this.socket.fail(ex);
		}
	}

	void connected(Consumer<Message> primary) {
		this.outbox.connect(primary);
		this.configuration.thenAccept((properties) -> this.outbox.send(new Message.Configuration(properties)));
		MetricsSource metrics = new MetricsSource();
		Heartbeat heartbeat = new Heartbeat(metrics, this.server::get,
				() -> this.beans.getAsInt() + this.warmStart.progress(), this.outbox::send);
		Ticker.start("cluster-heartbeat", () -> {
			heartbeat.run();
			List<String> news = this.warmStart.news();
			if (!news.isEmpty()) {
				this.outbox.send(new Message.Learned(news));
			}
		});
		Ticker.start("cluster-watch",
				WorkerWatch.over(this.settings, this.server::get, metrics, this.uncaught, this::unhealthy));
	}

	private Duration closeTimeout() {
		return Duration.parse(this.configuration.getNow(Map.of())
			.getOrDefault("cluster.drain.close-timeout", Duration.ZERO.toString()));
	}

	void onMessage(Message message, @Nullable Descriptor descriptor) throws IOException {
		if (message instanceof Message.Welcome welcome) {
			Signals.continueWithoutParent();
			this.socket.arrive(welcome, descriptor);
		}
		else if (message instanceof Message.Happened happened) {
			this.events.happened(happened.event());
		}
		else if (message instanceof Message.WarmUp warmUp) {
			this.warmStart.learned(warmUp.requests());
		}
		else if (message instanceof Message.OpenGate) {
			this.parking.end();
		}
		else if (message instanceof Message.Park park) {
			this.parking.begin(park.keepAliveGrace());
		}
		else if (message instanceof Message.FailOpen failOpen) {
			this.gate.failOpen(failOpen.open());
		}
		else if (message instanceof Message.Drain drain) {
			this.warmStart.stop();
			this.exit.drainAndExit(drain);
		}
		else if (message instanceof Message.ThreadDumpRequest) {
			this.outbox.send(new Message.ThreadDump(ThreadDumper.dump()));
		}
		else if (message instanceof Message.Adopt adopt) {
			this.adopted.adopt(adopt, descriptor);
		}
		else if (message instanceof Message.Release release) {
			this.adopted.release(release);
		}
		else if (message instanceof Message.Assign assign) {
			if (this.adopted.assign(assign, descriptor)) {
				this.identity = this.identity.inSlot(assign.slot());
			}
		}
		else if (!this.leader.hears(message) && message instanceof Message.FromPrimary other) {
			this.cluster.received(other);
		}
	}

	/**
	 * Hears the primary.
	 */
	private final class Inbound implements MessageHandler {

		@Override
		public void onMessage(Message message, @Nullable Descriptor descriptor) {
			try {
				WorkerRuntime.this.onMessage(message, descriptor);
			}
			catch (IOException ex) {
				WorkerRuntime.this.socket.fail(ex);
			}
		}

		@Override
		public void onEnd(String reason) {
			WorkerRuntime.this.exit.onPrimaryGone(reason, closeTimeout());
		}

	}

}
