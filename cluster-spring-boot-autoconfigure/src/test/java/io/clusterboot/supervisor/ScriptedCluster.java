package io.clusterboot.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.DropCounts;
import io.clusterboot.IncidentSnapshot;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.contract.ExitEvidence;
import io.clusterboot.contract.Precedence;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import io.clusterboot.contract.Steering;
import io.clusterboot.supervisor.settings.ClusterConfiguration;

/**
 * A {@link Supervisor} to tell stories to: each method is something that happens and
 * returns what the supervisor does about it, without what it logs.
 */
final class ScriptedCluster {

	static final Duration READY_TIMEOUT = Duration.ofSeconds(60);

	// How long a worker that is not ready may take to say why
	static final Duration EXPLANATION = Duration.ofSeconds(2);

	static final Duration START_TIMEOUT = Duration.ofSeconds(90);

	static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(30);

	// A worker itself ends its drain in time
	static final Duration DRAIN_LIMIT = DRAIN_TIMEOUT.plusSeconds(5);

	static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

	static final Duration KEEP_ALIVE_GRACE = Duration.ofSeconds(5);

	private final Supervisor supervisor;

	private final List<String> log = new ArrayList<>();

	private final List<Integer> discarded = new ArrayList<>();

	private final List<PrimaryAction> adoptions = new ArrayList<>();

	private final List<PrimaryAction> leading = new ArrayList<>();

	private final Map<Integer, Precedence> confined = new TreeMap<>();

	private final List<Integer> shares = new ArrayList<>();

	private DropCounts drops = new DropCounts(5, 0, 0);

	private String snapshotFailure;

	private Instant now = Instant.parse("2026-11-20T10:00:00Z");

	ScriptedCluster(int workers) {
		this(Configurations.of(workers, "cluster.worker.start-timeout", START_TIMEOUT.toString()));
	}

	ScriptedCluster(ClusterConfiguration configuration) {
		PrimarySnapshot primary = new PrimarySnapshot(1, this.now);
		this.supervisor = new Supervisor(configuration, () -> primary, 8080, new Random(1));
	}

	/**
	 * Create a cluster whose first workers, one for each slot, serve.
	 * @param workers how many
	 * @return the cluster
	 */
	static ScriptedCluster up(int workers) {
		return new ScriptedCluster(workers).up();
	}

	static ScriptedCluster up(ClusterConfiguration configuration) {
		return new ScriptedCluster(configuration).up();
	}

	private ScriptedCluster up() {
		starts();
		for (int worker = 1; worker <= snapshot().target(); worker++) {
			ready(worker);
		}
		return this;
	}

	/**
	 * Something happens. CodeCopies are taken at once unless they are said to fail, drops
	 * are counted at once, adoptions, who is confined and who leads are matters of their
	 * own, and nothing of that is part of what is returned.
	 * @param event what happens
	 * @return what the supervisor does about it
	 */
	List<PrimaryAction> on(PrimaryEvent event) {
		List<PrimaryAction> actions = new ArrayList<>();
		Deque<PrimaryEvent> events = new ArrayDeque<>(List.of(event));
		while (!events.isEmpty()) {
			for (PrimaryAction action : this.supervisor.on(events.remove(), this.now)) {
				if (action instanceof PrimaryAction.CopyCode snapshot) {
					events.add(answer(snapshot.generation()));
				}
				else if (action instanceof PrimaryAction.CountDrops count) {
					events.add(new PrimaryEvent.DropsCounted(count.reload(), this.drops));
				}
				else if (action instanceof PrimaryAction.DiscardCode snapshot) {
					this.discarded.add(snapshot.generation());
				}
				else if (action instanceof PrimaryAction.Adopt || isRelease(action)) {
					this.adoptions.add(action);
				}
				else if (action instanceof PrimaryAction.Confine confine) {
					confine(confine);
				}
				else if (isAboutLeading(action)) {
					this.leading.add(action);
				}
				else {
					actions.add(action);
				}
			}
		}
		actions.stream()
			.filter(PrimaryAction.Log.class::isInstance)
			.map(PrimaryAction.Log.class::cast)
			.forEach((line) -> this.log.add(line.text()));
		actions.removeIf(PrimaryAction.Log.class::isInstance);
		actions.replaceAll(this::withoutShare);
		return actions;
	}

	// How many workers share the machine matters in a few stories only: see shares()
	private PrimaryAction withoutShare(PrimaryAction action) {
		if (action instanceof PrimaryAction.Fork fork) {
			this.shares.add(fork.workers());
			return fork(fork.worker(), fork.slot(), fork.generation());
		}
		return action;
	}

	private static boolean isRelease(PrimaryAction action) {
		return action instanceof PrimaryAction.Send send && send.message() instanceof Message.Release;
	}

	private void confine(PrimaryAction.Confine confine) {
		if (confine.precedence() == Precedence.EQUAL) {
			this.confined.remove(confine.worker());
		}
		else {
			this.confined.put(confine.worker(), confine.precedence());
		}
	}

	/**
	 * Return who leaves processors to others.
	 * @return when they get them themselves, by worker
	 */
	Map<Integer, Precedence> confined() {
		return this.confined;
	}

	/**
	 * Return who was told to accept for slots that nobody serves, and no longer to do so,
	 * since this was last asked.
	 * @return the actions
	 */
	List<PrimaryAction> adoptions() {
		List<PrimaryAction> adoptions = List.copyOf(this.adoptions);
		this.adoptions.clear();
		return adoptions;
	}

	private static boolean isAboutLeading(PrimaryAction action) {
		return action instanceof PrimaryAction.Send send && (send.message() instanceof Leading.Grant
				|| send.message() instanceof Leading.Resign || send.message() instanceof Leading.LastRun);
	}

	/**
	 * Return what was said about who leads since this was last asked.
	 * @return the actions
	 */
	List<PrimaryAction> leading() {
		List<PrimaryAction> leading = List.copyOf(this.leading);
		this.leading.clear();
		return leading;
	}

	/**
	 * Return among how many workers the machine was shared, by fork.
	 * @return the numbers
	 */
	List<Integer> shares() {
		return this.shares;
	}

	/**
	 * Make the next snapshots fail.
	 * @param reason why, or {@code null} to make them succeed again
	 */
	void failSnapshots(String reason) {
		this.snapshotFailure = reason;
	}

	void drops(DropCounts drops) {
		this.drops = drops;
	}

	List<Integer> discarded() {
		return this.discarded;
	}

	private PrimaryEvent answer(int generation) {
		return (this.snapshotFailure != null) ? new PrimaryEvent.CopyFailed(generation, this.snapshotFailure)
				: new PrimaryEvent.CodeCopied(generation);
	}

	List<PrimaryAction> starts() {
		return on(new PrimaryEvent.Started());
	}

	List<PrimaryAction> says(int worker, Message.FromWorker message) {
		return on(new PrimaryEvent.MessageReceived(worker, message));
	}

	/**
	 * A worker starts until its web server listens and it is almost ready.
	 * @param worker the worker
	 */
	void listens(int worker) {
		on(new PrimaryEvent.WorkerForked(worker, 1000 + worker));
		says(worker, new Message.Hello(Message.Hello.PROTOCOL));
		says(worker, new Message.Listening(8080, 0));
	}

	List<PrimaryAction> ready(int worker) {
		listens(worker);
		return accepts(worker, true);
	}

	List<PrimaryAction> accepts(int worker, boolean accepting) {
		return says(worker, new Message.Readiness(accepting));
	}

	List<PrimaryAction> exits(int worker, int code) {
		return on(new PrimaryEvent.WorkerExited(worker, code, "exit code " + code, List.of(), ExitEvidence.NONE));
	}

	List<PrimaryAction> reload(ReloadStrategy strategy) {
		return on(new PrimaryEvent.ReloadRequested("SIGUSR2", strategy));
	}

	List<PrimaryAction> terminate() {
		return on(new PrimaryEvent.ShutdownRequested("SIGTERM", 143));
	}

	/**
	 * Let time pass with a tick at every deadline, as the primary's loop does.
	 * @param duration how long
	 * @return what the supervisor does meanwhile
	 */
	List<PrimaryAction> after(Duration duration) {
		Instant end = this.now.plus(duration);
		List<PrimaryAction> actions = new ArrayList<>();
		for (Instant next = this.supervisor.nextDeadline(); next != null
				&& !next.isAfter(end); next = this.supervisor.nextDeadline()) {
			this.now = next;
			actions.addAll(on(new PrimaryEvent.Tick()));
		}
		this.now = end;
		return actions;
	}

	ClusterSnapshot snapshot() {
		return this.supervisor.snapshot();
	}

	ReloadSnapshot lastReload() {
		ReloadSnapshot reload = snapshot().lastReload();
		if (reload == null) {
			throw new AssertionError("There was no reload");
		}
		return reload;
	}

	List<ReloadSnapshot> reloads() {
		return ask(new Request.Reloads(6), Reply.Reloads.class).reloads();
	}

	List<IncidentSnapshot> incidents() {
		return ask(new Request.Incidents(7), Reply.Incidents.class).incidents();
	}

	IncidentSnapshot incident(int id) {
		IncidentSnapshot incident = ask(new Request.Incident(8, id), Reply.Incident.class).incident();
		if (incident == null) {
			throw new AssertionError("There is no incident " + id);
		}
		return incident;
	}

	private <T extends Reply> T ask(Request request, Class<T> type) {
		int anybody = snapshot().workers().get(0).id();
		return says(anybody, request).stream()
			.filter(PrimaryAction.Send.class::isInstance)
			.map((action) -> ((PrimaryAction.Send) action).message())
			.filter(type::isInstance)
			.map(type::cast)
			.findFirst()
			.orElseThrow(() -> new AssertionError("No answer"));
	}

	List<String> log() {
		return this.log;
	}

	static PrimaryAction fork(int worker, int slot, int generation) {
		return new PrimaryAction.Fork(worker, slot, generation, 0);
	}

	static PrimaryAction open(int worker) {
		return new PrimaryAction.Send(worker, new Message.OpenGate());
	}

	static PrimaryAction park(int worker) {
		return new PrimaryAction.Send(worker, new Message.Park(KEEP_ALIVE_GRACE));
	}

	static PrimaryAction failOpen(int worker, boolean open) {
		return new PrimaryAction.Send(worker, new Message.FailOpen(open));
	}

	static PrimaryAction askForThreads(int worker) {
		return new PrimaryAction.Send(worker, new Message.ThreadDumpRequest());
	}

	static PrimaryAction drain(int worker) {
		return new PrimaryAction.Send(worker, new Message.Drain(false, DRAIN_TIMEOUT, KEEP_ALIVE_GRACE));
	}

	static PrimaryAction drainLast(int worker) {
		return new PrimaryAction.Send(worker, new Message.Drain(true, DRAIN_TIMEOUT, KEEP_ALIVE_GRACE));
	}

	static PrimaryAction release(int worker, int slot, boolean last) {
		return new PrimaryAction.Send(worker, new Message.Release(slot, last));
	}

	static PrimaryAction terminate(int worker) {
		return new PrimaryAction.Terminate(worker);
	}

	static PrimaryAction kill(int worker) {
		return new PrimaryAction.Kill(worker);
	}

	static PrimaryAction steer(Integer... slots) {
		return new PrimaryAction.Steer(Steering.evenly(Set.of(slots)));
	}

	static PrimaryAction exit(int code) {
		return new PrimaryAction.Exit(code);
	}

}
