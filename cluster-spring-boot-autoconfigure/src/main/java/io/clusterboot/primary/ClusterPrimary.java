package io.clusterboot.primary;

import java.io.IOException;
import java.time.Instant;
import java.util.Random;

import io.clusterboot.PrimarySnapshot;
import io.clusterboot.channel.Message;
import io.clusterboot.process.StagingDirectory;
import io.clusterboot.process.WorkerCommand;
import io.clusterboot.socket.KernelDrops;
import io.clusterboot.socket.ReusePortGroup;
import org.jspecify.annotations.Nullable;

/**
 * The thin shell around the {@link Supervisor}: one thread feeds it events and executes
 * its actions.
 */
final class ClusterPrimary {

	private final PrimarySettings settings;

	private final ReusePortGroup sockets;

	private final PrimaryLog log;

	private final EventQueue events;

	private final int port;

	private final Supervisor supervisor;

	private final Snapshots snapshots;

	private final WorkerProcesses processes;

	private @Nullable Integer exitCode;

	ClusterPrimary(PrimarySettings settings, StagingDirectory staging, ReusePortGroup sockets, PrimaryLog log)
			throws IOException {
		this.settings = settings;
		this.sockets = sockets;
		this.log = log;
		this.port = sockets.port();
		Configuration configuration = new Configuration(settings.configuration());
		Instant started = Instant.now();
		this.events = new EventQueue(new PrimaryClock(started, System::nanoTime));
		this.supervisor = new Supervisor(configuration, new PrimarySnapshot(ProcessHandle.current().pid(), started),
				this.port, new Random());
		WorkerCommand command = new WorkerCommand(settings.command(), settings.variables(), settings.workerArguments(),
				settings.workerPrefix(), settings.workerProcessors());
		this.snapshots = new Snapshots(settings, staging, command, new Trainings(command, log), log, this.events::add);
		this.processes = new WorkerProcesses(command, this.snapshots, this.port, settings.directory(),
				OutputPumps.start(log.target()), this.events::add);
	}

	/**
	 * Run the cluster until it ends.
	 * @return the exit code
	 * @throws InterruptedException if the thread is interrupted
	 */
	int run() throws InterruptedException {
		new PrimarySignals(this.events::add, this.log).register();
		long pid = ProcessHandle.current().pid();
		int workers = this.supervisor.snapshot().target();
		this.log.info("Cluster primary pid=%d with %d %s on port %d; reload with kill -USR2 %d or POST %s".formatted(
				pid, workers, (workers == 1) ? "worker" : "workers", this.port, pid, "/actuator/cluster/reload"));
		this.events.add(new PrimaryEvent.Started());
		try {
			while (this.exitCode == null) {
				EventQueue.Arrival next = this.events.take(this.supervisor.nextDeadline());
				this.supervisor.on(next.event(), next.time()).forEach(this::execute);
			}
		}
		finally {
			this.snapshots.close();
		}
		return this.exitCode;
	}

	private void execute(PrimaryAction action) {
		if (action instanceof PrimaryAction.Log line) {
			this.log.write(line.level(), line.text());
		}
		else if (action instanceof PrimaryAction.TakeSnapshot snapshot) {
			this.snapshots.take(snapshot.generation(), snapshot.train(), snapshot.workers());
		}
		else if (action instanceof PrimaryAction.Train train) {
			this.snapshots.train(train.generation(), train.workers());
		}
		else if (action instanceof PrimaryAction.DiscardSnapshot snapshot) {
			this.snapshots.discard(snapshot.generation());
		}
		else if (action instanceof PrimaryAction.Fork fork) {
			this.processes.fork(fork.worker(), fork.slot(), fork.generation(), fork.workers());
		}
		else if (action instanceof PrimaryAction.Send send) {
			this.processes.send(send.worker(), send.message(), null);
		}
		else if (action instanceof PrimaryAction.Dump dump) {
			this.processes.dump(dump.worker());
		}
		else if (action instanceof PrimaryAction.Terminate terminate) {
			this.processes.terminate(terminate.worker());
		}
		else if (action instanceof PrimaryAction.Kill kill) {
			this.processes.kill(kill.worker());
		}
		else if (action instanceof PrimaryAction.Abandon abandon) {
			this.processes.abandon(abandon.worker());
		}
		else if (action instanceof PrimaryAction.CountDrops count) {
			this.events.add(new PrimaryEvent.DropsCounted(count.reload(), KernelDrops.read()));
		}
		else if (action instanceof PrimaryAction.Exit exit) {
			this.exitCode = exit.code();
		}
		else {
			executeOnSockets(action);
		}
	}

	private void executeOnSockets(PrimaryAction action) {
		try {
			if (action instanceof PrimaryAction.Admit admit) {
				pass(admit.slot(), admit.worker(), new Message.Welcome(this.sockets.isIpv6()));
			}
			else if (action instanceof PrimaryAction.Assign assign) {
				pass(assign.slot(), assign.worker(), new Message.Assign(assign.slot(), this.sockets.isIpv6()));
			}
			else if (action instanceof PrimaryAction.Adopt adopt) {
				pass(adopt.slot(), adopt.worker(), new Message.Adopt(adopt.slot(), this.sockets.isIpv6()));
			}
			else if (action instanceof PrimaryAction.Listen listen) {
				this.sockets.listen(listen.backlog());
			}
			else if (action instanceof PrimaryAction.Steer steer) {
				this.sockets.steerTo(steer.steering());
			}
			else if (action instanceof PrimaryAction.CloseSlot close) {
				this.sockets.shrink(close.slot());
			}
			else if (action instanceof PrimaryAction.Hold) {
				this.sockets.hold();
			}
			else if (action instanceof PrimaryAction.Refuse) {
				this.sockets.refuse();
			}
		}
		catch (IOException ex) {
			failed(action, ex.getMessage());
		}
	}

	private void pass(int slot, int worker, Message.FromPrimary message) throws IOException {
		this.sockets.grow(slot + 1);
		this.processes.send(worker, message, this.sockets.descriptors().get(slot));
	}

	private void failed(PrimaryAction action, String reason) {
		if (action instanceof PrimaryAction.Admit admit) {
			socketFailed(admit.worker(), admit.slot(), reason);
		}
		else if (action instanceof PrimaryAction.Assign assign) {
			socketFailed(assign.worker(), assign.slot(), reason);
		}
		else if (action instanceof PrimaryAction.Adopt adopt) {
			socketFailed(adopt.worker(), adopt.slot(), reason);
		}
		else if (action instanceof PrimaryAction.Listen && !this.sockets.isListening()) {
			this.events
				.add(new PrimaryEvent.ListenFailed("port %d cannot be listened on: %s".formatted(this.port, reason)));
		}
		else {
			this.log.warn("%s failed: %s".formatted(action, reason));
		}
	}

	private void socketFailed(int worker, int slot, String reason) {
		this.events.add(new PrimaryEvent.SocketFailed(worker, slot, reason));
	}

}
