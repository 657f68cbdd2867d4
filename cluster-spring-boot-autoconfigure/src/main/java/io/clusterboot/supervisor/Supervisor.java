package io.clusterboot.supervisor;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.channel.Requester;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import io.clusterboot.event.WorkerExited;
import io.clusterboot.supervisor.settings.ClusterConfiguration;
import io.clusterboot.supervisor.shared.SharedState;
import io.clusterboot.supervisor.table.LifeCycle;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Takes every decision of the primary: who is forked, opened, drained, killed, and when.
 * Events in, actions out; no I/O, no clock, no threads.
 */
public final class Supervisor {

	private final Workers workers;

	private final LifeCycle life;

	private final Silence silence;

	private final Balancing balancing;

	private final Pace pace;

	private final Confinement confinement;

	private final Generations generations;

	private final Scaling scaling;

	private final ReloadQueue queue;

	private final Reloads reloads;

	private final Respawns respawns;

	private final Incidents incidents;

	private final Deadlines deadlines;

	private final Recycling recycling;

	private final LastResort lastResort;

	private final Adoptions adoptions;

	private final Spares spares;

	private final Leadership leadership;

	private final Shutdown shutdown;

	private final Answers answers;

	private final SharedState shared = new SharedState();

	private final GenerationRecords records = new GenerationRecords();

	private final WorkerMessages messages;

	/**
	 * Create a supervisor.
	 * @param configuration what the cluster is run with
	 * @param primary tells of the primary whenever somebody asks
	 * @param port the port that the workers share
	 * @param random decides where nothing else does
	 */
	public Supervisor(ClusterConfiguration configuration, Supplier<PrimarySnapshot> primary, int port,
			RandomGenerator random) {
		this.workers = new Workers(configuration.settings(), random);
		this.life = new LifeCycle(this.workers, random);
		this.silence = new Silence(this.workers);
		this.balancing = new Balancing(this.workers, this.silence);
		this.pace = new Pace(this.workers);
		this.confinement = new Confinement(this.workers);
		this.generations = new Generations(this.workers);
		this.scaling = new Scaling(this.workers, this.life, this.balancing);
		Rollout rollout = new Rollout(this.workers, this.life, this.balancing, this.pace);
		this.queue = new ReloadQueue(this.workers, this.generations);
		this.reloads = new Reloads(this.workers, this.life, rollout, this.scaling, this.generations, this.queue,
				configuration);
		this.respawns = new Respawns(this.workers, this.life, this.reloads, this.generations, this.pace);
		this.incidents = new Incidents(this.workers);
		this.deadlines = new Deadlines(this.workers, this.life, this.reloads, this.incidents);
		this.recycling = new Recycling(this.workers, this.life);
		this.lastResort = new LastResort(this.workers, this.life, this.generations);
		this.adoptions = new Adoptions(this.workers, this.silence);
		this.spares = new Spares(this.workers, this.life, this.reloads, this.generations, this.pace);
		this.leadership = new Leadership(this.workers, primary.get().started().toEpochMilli());
		this.shutdown = new Shutdown(this.workers, this.life, this.reloads);
		Replacements replacements = new Replacements(this.workers, this.life, this.reloads, this.generations,
				this.respawns, this.incidents, this.deadlines, this.shutdown,
				new Repetitions(this.workers, this.generations, random));
		this.answers = new Answers(primary, port, this.workers, this.life, this.reloads, this.queue, this.generations,
				this.scaling, this.incidents, this.shutdown, replacements, this.leadership, this.records);
		this.messages = new WorkerMessages(this.workers, this.life, this.reloads, this.incidents, this.deadlines,
				this.recycling, this.adoptions, replacements, this.answers, this.leadership, this.shared, this.records);
	}

	/**
	 * Hear an event.
	 * @param event what happened
	 * @param now when, never earlier than before
	 * @return what to do, in this order
	 */
	public List<PrimaryAction> on(PrimaryEvent event, Instant now) {
		this.workers.begin(now);
		if (!this.shutdown.isComplete()) {
			dispatch(event);
			this.deadlines.expire();
			if (this.shutdown.isBegun()) {
				this.shutdown.advance();
			}
			else {
				// marks workers, which the next step replaces
				this.recycling.advance();
				this.reloads.advance();
				// while no reload runs, which would have to account for its slots
				this.scaling.advance(this.reloads.isRunning());
				// better than any fork
				this.spares.assign();
				this.lastResort.advance();
				// when it is known who accepts, and before anybody adopts
				this.silence.advance();
				this.balancing.steer();
				this.adoptions.advance();
				this.leadership.advance();
				// late, because a fork takes its time; slots before spares
				this.respawns.advance();
				this.spares.advance();
				this.pace.tell();
			}
			if (!this.shutdown.isComplete()) {
				this.confinement.advance();
			}
			this.generations.train(!this.reloads.isRunning() && !this.shutdown.isBegun());
		}
		return this.workers.actions();
	}

	/**
	 * Return when to send a {@link PrimaryEvent.Tick} if nothing happens before.
	 * @return the next deadline or {@code null} if there is none
	 */
	public @Nullable Instant nextDeadline() {
		return Stream
			.of(this.deadlines.all(), this.respawns.deadlines(), this.spares.deadlines(), this.recycling.deadlines(),
					this.lastResort.deadlines(), this.adoptions.deadlines(), this.reloads.deadlines(),
					this.leadership.deadlines(), this.silence.deadlines(), this.confinement.deadlines(),
					Stream.ofNullable(this.shutdown.deadline()))
			.flatMap((stream) -> stream)
			.filter((deadline) -> deadline != null && deadline.isAfter(this.workers.now()))
			.min(Instant::compareTo)
			.orElse(null);
	}

	public ClusterSnapshot snapshot() {
		return this.answers.snapshot();
	}

	private void dispatch(PrimaryEvent event) {
		if (event instanceof PrimaryEvent.Started) {
			this.generations.take(this.generations.live());
		}
		else if (event instanceof PrimaryEvent.CodeCopied taken) {
			this.generations.taken(taken.generation());
		}
		else if (event instanceof PrimaryEvent.Trained training) {
			this.generations.trained(training.generation());
		}
		else if (event instanceof PrimaryEvent.CopyFailed failure) {
			onCopyFailure(failure);
		}
		else if (event instanceof PrimaryEvent.WorkerForked forked) {
			whenKnown(forked.worker(), (worker) -> this.life.forked(worker, forked.pid()));
		}
		else if (event instanceof PrimaryEvent.WorkerExited exit) {
			whenKnown(exit.worker(), (worker) -> onExit(worker, exit));
		}
		else if (event instanceof PrimaryEvent.MessageReceived received) {
			whenKnown(received.worker(), (worker) -> this.messages.received(worker, received.message()));
		}
		else if (event instanceof PrimaryEvent.ChannelEnded ended) {
			whenKnown(ended.worker(),
					(worker) -> this.life.endsByItself(worker, "its channel has ended (%s)".formatted(ended.reason())));
		}
		else if (event instanceof PrimaryEvent.DropsCounted counted) {
			this.reloads.counted(counted.reload(), counted.drops());
		}
		else if (event instanceof PrimaryEvent.Asked asked) {
			this.workers.act(new PrimaryAction.Answer(asked.client(), this.answers.to(asked.request())));
		}
		else if (event instanceof PrimaryEvent.ReloadRequested request && !this.shutdown.isBegun()) {
			this.queue.request(signal(request.trigger()), request.strategy());
		}
		else if (event instanceof PrimaryEvent.ScaleRequested request && !this.shutdown.isBegun()) {
			this.scaling.request(signal(request.trigger()), Math.max(1, this.scaling.target() + request.difference()));
		}
		else if (event instanceof PrimaryEvent.ShutdownRequested request) {
			this.shutdown.begin(request.reason(), request.exitCode());
		}
		else if (event instanceof PrimaryEvent.StopRequested request) {
			this.shutdown.force(request.reason(), request.exitCode());
		}
		else if (event instanceof PrimaryEvent.SocketFailed failure) {
			whenKnown(failure.worker(),
					(worker) -> this.messages.socketFailed(worker, failure.slot(), failure.reason()));
		}
		else if (event instanceof PrimaryEvent.ListenFailed failure) {
			this.workers.error("The cluster ends: %s", failure.reason());
			this.shutdown.force("the port cannot be listened on", 1);
		}
	}

	private void onCopyFailure(PrimaryEvent.CopyFailed failure) {
		if (failure.generation() == this.generations.live() && !this.shutdown.isBegun()) {
			this.workers.error("The application did not start: %s", failure.reason());
			this.shutdown.force("there is nothing to run", 1);
		}
		else {
			this.reloads.copyFailed(failure.generation(), failure.reason());
		}
	}

	private void onExit(Worker worker, PrimaryEvent.WorkerExited exit) {
		this.incidents.exited(worker, exit);
		this.life.exited(worker, exit.how());
		this.shared.ended(worker.id());
		if (worker.isForked()) {
			this.workers.audience()
				.tell(new WorkerExited(worker.snapshot(), exit.code(), exit.how(), this.incidents.cause(worker)));
		}
		String how = worker.ending().describe(exit.how());
		if (!this.workers.isUp() && !this.shutdown.isBegun()) {
			String reason = worker.ending().reason();
			this.workers.error("The application did not start: its first worker ended with %s%s. See its output above.",
					how, (reason != null) ? " (" + reason + ")" : "");
			this.shutdown.failStart((reason != null) ? 1 : exit.code());
		}
		String reason = worker.ending().reason();
		this.respawns.lost(worker,
				(reason != null) ? "was killed (%s)".formatted(reason) : "ended with %s".formatted(how),
				this.shutdown.isBegun());
		this.reloads.exited(worker, exit.output());
	}

	private static Requester signal(String name) {
		return new Requester(name, null);
	}

	private void whenKnown(int id, Consumer<Worker> action) {
		Worker worker = this.workers.get(id);
		if (worker != null) {
			action.accept(worker);
		}
	}

}
