package io.clusterboot.primary;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.clusterboot.channel.ByteBudget;
import io.clusterboot.channel.Mail;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.MessageChannel;
import io.clusterboot.channel.MessageHandler;
import io.clusterboot.channel.Numbers;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.code.CodeCopy;
import io.clusterboot.command.WorkerCommand;
import io.clusterboot.command.WorkerLaunch;
import io.clusterboot.command.WorkerPlace;
import io.clusterboot.contract.ExitEvidence;
import io.clusterboot.contract.ExitStatus;
import io.clusterboot.contract.Precedence;
import io.clusterboot.contract.PrimaryEvent;
import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.evidence.EvidenceCollector;
import io.clusterboot.machine.OomKills;
import io.clusterboot.machine.OomScore;
import io.clusterboot.output.OutputPumps;
import io.clusterboot.output.WorkerOutput;
import io.clusterboot.posix.Descriptor;
import io.clusterboot.posix.Signals;
import io.clusterboot.posix.StandardInput;
import io.clusterboot.posix.UnixSocket;
import org.jspecify.annotations.Nullable;

/**
 * The workers' processes and the primary's ends of their channels. What happens to them
 * becomes events.
 */
final class WorkerProcesses {

	// Two pipes of 1 MiB for each are half of what fs.pipe-user-pages-soft allows a user,
	// which is short of pipes everywhere once it is used up
	private static final int ROOMY = 16;

	private static final long THREAD_STACK_SIZE = 256 * 1024;

	// A part of the primary's heap
	private static final long REPLY_BYTES = 8 * 1024 * 1024;

	private final ByteBudget replies = new ByteBudget(REPLY_BYTES);

	private final Relay relay = new Relay();

	private final Scrapes scrapes;

	private final StoreAnswers store;

	private final WorkerCommand command;

	private final CodeCopies copies;

	private final int port;

	private final String directory;

	private final OutputPumps pumps;

	private final Consumer<PrimaryEvent> events;

	private final Confiner confiner = new Confiner();

	private final OomKills oomKills = OomKills.ofCurrentProcess();

	private final Map<Integer, WorkerProcess> processes = new ConcurrentHashMap<>();

	WorkerProcesses(WorkerCommand command, CodeCopies copies, int port, String directory, OutputPumps pumps,
			Scrapes scrapes, StoreAnswers store, Consumer<PrimaryEvent> events) {
		this.command = command;
		this.copies = copies;
		this.port = port;
		this.directory = directory;
		this.pumps = pumps;
		this.scrapes = scrapes;
		this.store = store;
		this.events = events;
	}

	void fork(int id, int slot, int generation, int workers) {
		WorkerIdentity identity = new WorkerIdentity(id, slot, generation, this.port, ProcessHandle.current().pid(),
				this.directory);
		try {
			WorkerProcess worker = start(identity, workers);
			this.processes.put(id, worker);
			this.events.accept(new PrimaryEvent.WorkerForked(id, worker.process().pid()));
			worker.channel().start();
			awaitExit(id, worker);
		}
		// The error means that the machine or the container has no thread left
		catch (IOException | RuntimeException | OutOfMemoryError ex) {
			WorkerProcess worker = this.processes.remove(id);
			if (worker != null) {
				worker.process().destroyForcibly();
			}
			this.command.exited(id);
			this.events.accept(new PrimaryEvent.WorkerExited(id, 1, "no process (%s)".formatted(ex.getMessage()),
					List.of(), ExitEvidence.NONE));
		}
	}

	void send(int id, Message message, @Nullable Descriptor descriptor) {
		WorkerProcess worker = this.processes.get(id);
		if (worker != null) {
			send(worker.channel(), message, descriptor);
		}
	}

	/**
	 * Take note that a spare gets a slot.
	 * @param id the worker's id
	 * @param slot the slot
	 */
	void assign(int id, int slot) {
		WorkerProcess worker = this.processes.get(id);
		if (worker != null) {
			worker.output().assign(slot);
		}
	}

	/**
	 * Let a worker leave processors to others, or no longer. One whose command line has a
	 * prefix keeps what that gives it.
	 * @param id the worker's id
	 * @param precedence when it gets those that others want as well
	 */
	void confine(int id, Precedence precedence) {
		WorkerProcess worker = this.processes.get(id);
		if (worker != null && !this.command.hasPrefix()) {
			this.confiner.confine(worker.process().pid(), precedence);
		}
	}

	void dump(int id) {
		WorkerProcess worker = this.processes.get(id);
		if (worker != null) {
			worker.output().awaitThreadDump();
			Signals.quit(worker.process());
		}
	}

	void terminate(int id) {
		WorkerProcess worker = this.processes.get(id);
		if (worker != null) {
			worker.process().destroy();
		}
	}

	void kill(int id) {
		WorkerProcess worker = this.processes.get(id);
		if (worker != null) {
			worker.evidence().killed();
			worker.process().destroyForcibly();
		}
	}

	void abandon(int id) {
		WorkerProcess worker = this.processes.remove(id);
		if (worker != null) {
			worker.channel().end();
		}
		this.relay.left(id);
		this.events.accept(new PrimaryEvent.WorkerExited(id, ExitStatus.KILLED, "no end after SIGKILL", List.of(),
				ExitEvidence.NONE));
	}

	private static void send(MessageChannel channel, Message message, @Nullable Descriptor descriptor) {
		try {
			channel.send(message, descriptor);
		}
		catch (IllegalArgumentException ex) {
			// Too long. Whoever asked is told so; nothing else grows that long
			if (message instanceof Reply reply) {
				channel.send(new Reply.Refusal(reply.id(), String.valueOf(ex.getMessage())), null);
			}
		}
	}

	private WorkerProcess start(WorkerIdentity identity, int workers) throws IOException {
		ProcessBuilder builder = builder(identity, workers);
		EvidenceCollector evidence = new EvidenceCollector(builder, this.oomKills, !this.command.hasPrefix());
		List<Descriptor> pair = UnixSocket.pair();
		try (Descriptor theirs = pair.get(1)) {
			MessageChannel channel = new MessageChannel(pair.get(0), "cluster-worker-" + identity.id(),
					new Inbound(identity.id()), this.replies);
			WorkerOutput output = new WorkerOutput(this.pumps, identity.slot(), identity.id());
			// A process that is there although this fails sees the end of its channel
			Process process = StandardInput.with(theirs, () -> output.start(builder, this.processes.size() < ROOMY));
			preferToPrimary(process);
			return new WorkerProcess(process, channel, output, evidence);
		}
		catch (IOException | RuntimeException | OutOfMemoryError ex) {
			pair.get(0).close();
			throw ex;
		}
	}

	private static void preferToPrimary(Process process) {
		try {
			OomScore.raise(process.pid());
		}
		catch (IOException ex) {
			// It is gone, or another user already; it is larger than the primary anyway
		}
	}

	private ProcessBuilder builder(WorkerIdentity identity, int workers) throws IOException {
		WorkerPlace place = new WorkerPlace(identity.id(), identity.slot(), identity.generation(), workers);
		CodeCopy copy = this.copies.find(identity.generation());
		WorkerLaunch launch = (copy != null) ? this.command.launch(place, copy.command()) : this.command.launch(place);
		List<String> line = (launch.isTooLong()) ? launch.command(this.copies.makeDirectory(identity.generation()))
				: launch.command();
		ProcessBuilder builder = new ProcessBuilder(line).redirectInput(ProcessBuilder.Redirect.INHERIT);
		if (copy != null) {
			builder.directory(copy.workingDirectory().toFile());
		}
		builder.environment().remove(PrimaryCommand.SUSPEND_SIGNAL);
		builder.environment().putAll(launch.variables());
		builder.environment().putAll(identity.toVariables());
		return builder;
	}

	// On a thread of its own, because there may be none to be had when the worker ends
	private void awaitExit(int id, WorkerProcess worker) {
		Thread thread = new Thread(null, () -> {
			ExitStatus status = new ExitStatus(awaitExit(worker.process()));
			this.command.exited(id);
			this.relay.left(id);
			PrimaryEvent.WorkerExited exit = describe(id, worker, status);
			if (this.processes.remove(id, worker)) {
				this.events.accept(exit);
			}
		}, "cluster-worker-" + id + "-exit", THREAD_STACK_SIZE);
		thread.setDaemon(true);
		thread.start();
	}

	private static int awaitExit(Process process) {
		try {
			return process.waitFor();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private PrimaryEvent.WorkerExited describe(int id, WorkerProcess worker, ExitStatus status) {
		List<String> lines = List.of();
		ExitEvidence evidence = ExitEvidence.NONE;
		try {
			// a process that the worker started may still hold the other end
			worker.channel().end();
			lines = worker.output().end();
			String threadDump = worker.output().threadDump();
			if (threadDump != null) {
				this.events.accept(new PrimaryEvent.MessageReceived(id, new Message.ThreadDump(threadDump)));
			}
			evidence = worker.evidence().collect(worker.process().pid(), status, lines);
		}
		catch (RuntimeException ex) {
			// That it has ended matters more than why
		}
		return new PrimaryEvent.WorkerExited(id, status.code(), status.describe(), lines, evidence);
	}

	private record WorkerProcess(Process process, MessageChannel channel, WorkerOutput output,
			EvidenceCollector evidence) {

	}

	/**
	 * Turns what a worker says into events.
	 */
	private final class Inbound implements MessageHandler {

		private final int id;

		Inbound(int id) {
			this.id = id;
		}

		@Override
		public void onMessage(Message message, @Nullable Descriptor descriptor) {
			if (descriptor != null) {
				descriptor.close();
			}
			if (message instanceof Mail.Outgoing mail) {
				WorkerProcesses.this.relay.received(this.id, mail);
			}
			else if (message instanceof Numbers.Report report) {
				WorkerProcesses.this.scrapes.received(this.id, report);
			}
			else if (message instanceof Request.Numbers request) {
				WorkerProcesses.this.scrapes.asked(this.id, request);
			}
			else if (message instanceof Request.OfStore request) {
				WorkerProcesses.this.store.asked(request, (reply) -> WorkerProcesses.this.send(this.id, reply, null));
			}
			else if (message instanceof Message.FromWorker fromWorker) {
				if (message instanceof Message.Hello) {
					join();
				}
				WorkerProcesses.this.events.accept(new PrimaryEvent.MessageReceived(this.id, fromWorker));
			}
		}

		private void join() {
			WorkerProcess worker = WorkerProcesses.this.processes.get(this.id);
			if (worker != null) {
				WorkerProcesses.this.relay.joined(this.id, worker.channel()::post, worker.channel()::end);
				WorkerProcesses.this.scrapes.joined(this.id, (message) -> send(worker.channel(), message, null));
			}
		}

		@Override
		public void onEnd(String reason) {
			WorkerProcesses.this.relay.left(this.id);
			WorkerProcesses.this.scrapes.left(this.id);
			WorkerProcesses.this.events.accept(new PrimaryEvent.ChannelEnded(this.id, reason));
		}

	}

}
