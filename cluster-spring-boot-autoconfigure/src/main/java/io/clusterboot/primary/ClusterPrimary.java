package io.clusterboot.primary;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

import io.clusterboot.PrimarySnapshot;
import io.clusterboot.code.StagingDirectory;
import io.clusterboot.command.WorkerCommand;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import io.clusterboot.listen.ReusePortGroup;
import io.clusterboot.output.OutputPumps;
import io.clusterboot.output.PrimaryLog;
import io.clusterboot.posix.NativeHeap;
import io.clusterboot.supervisor.Supervisor;
import io.clusterboot.supervisor.settings.ClusterConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The thin shell around the {@link Supervisor}: one thread feeds it events and executes
 * its actions.
 */
final class ClusterPrimary {

	// What the compilers of this JVM have used and need no longer is several megabytes
	private static final Duration TRIM_PAUSE = Duration.ofSeconds(10);

	private final PrimaryLog log;

	private final EventQueue events;

	private final int port;

	private final Supervisor supervisor;

	private final CodeCopies copies;

	private final PrimaryActions actions;

	private final ControlSocket control;

	private Instant nextTrim = Instant.MIN;

	private @Nullable Integer exitCode;

	ClusterPrimary(PrimarySettings settings, StagingDirectory staging, ReusePortGroup sockets, PrimaryLog log)
			throws IOException {
		this.log = log;
		this.port = sockets.port();
		ClusterConfiguration configuration = new ClusterConfiguration(settings.configuration());
		Instant started = Instant.now();
		this.events = new EventQueue(new PrimaryClock(started, System::nanoTime));
		long pid = ProcessHandle.current().pid();
		long storeSize = Long.parseLong(settings.configuration().get("cluster.store.max-size"));
		StoreAnswers store = new StoreAnswers(storeSize, log::warn);
		this.supervisor = new Supervisor(configuration, () -> new PrimarySnapshot(pid, started, store.snapshot()),
				this.port, new Random());
		WorkerCommand command = new WorkerCommand(settings.command(), settings.variables(), settings.workerArguments(),
				settings.workerPrefix(), settings.workerProcessors(), storeSize);
		this.copies = new CodeCopies(settings, staging, command, System.getenv(), log, this.events::add);
		WorkerProcesses processes = new WorkerProcesses(command, this.copies, this.port, settings.directory(),
				OutputPumps.start(log), new Scrapes(log::warn), store, this.events::add);
		this.control = new ControlSocket(settings.configuration(), this.port, log, this.events::add);
		this.actions = new PrimaryActions(this.port, sockets, this.copies, processes, log, this.events::add,
				this.control::answer);
	}

	/**
	 * Run the cluster until it ends.
	 * @return the exit code
	 * @throws InterruptedException if the thread is interrupted
	 */
	int run() throws InterruptedException {
		new PrimarySignals(this.events::add, this.log).register();
		this.control.open(System.getenv());
		long pid = ProcessHandle.current().pid();
		int workers = this.supervisor.snapshot().target();
		this.log.info("Cluster primary pid=%d with %d %s on port %d; reload with kill -USR2 %d or POST %s".formatted(
				pid, workers, (workers == 1) ? "worker" : "workers", this.port, pid, "/actuator/cluster/reload"));
		this.events.add(new PrimaryEvent.Started());
		try {
			while (this.exitCode == null) {
				EventQueue.Arrival next = this.events.take(this.supervisor.nextDeadline());
				this.supervisor.on(next.event(), next.time()).forEach(this::execute);
				trim(next.time());
			}
		}
		finally {
			this.control.close();
			this.copies.close();
		}
		return this.exitCode;
	}

	private void trim(Instant now) {
		if (now.isAfter(this.nextTrim)) {
			NativeHeap.trim();
			this.nextTrim = now.plus(TRIM_PAUSE);
		}
	}

	private void execute(PrimaryAction action) {
		if (action instanceof PrimaryAction.Exit exit) {
			this.exitCode = exit.code();
		}
		else {
			this.actions.execute(action);
		}
	}

}
