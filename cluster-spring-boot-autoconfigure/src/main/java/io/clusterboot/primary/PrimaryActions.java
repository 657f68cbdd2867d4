package io.clusterboot.primary;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.contract.ExitEvidence;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import io.clusterboot.listen.ReusePortGroup;
import io.clusterboot.machine.KernelDrops;
import io.clusterboot.output.PrimaryLog;
import io.clusterboot.supervisor.Supervisor;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what the {@link Supervisor} wants done. What fails is an event for it, or
 * where it can do nothing about it a line in the log, but never the end of the service.
 */
final class PrimaryActions {

	private final int port;

	private final ReusePortGroup sockets;

	private final CodeCopies copies;

	private final WorkerProcesses processes;

	private final PrimaryLog log;

	private final Consumer<PrimaryEvent> events;

	private final Consumer<PrimaryAction.Answer> answers;

	PrimaryActions(int port, ReusePortGroup sockets, CodeCopies copies, WorkerProcesses processes, PrimaryLog log,
			Consumer<PrimaryEvent> events, Consumer<PrimaryAction.Answer> answers) {
		this.port = port;
		this.sockets = sockets;
		this.copies = copies;
		this.processes = processes;
		this.log = log;
		this.events = events;
		this.answers = answers;
	}

	/**
	 * Carry out an action other than {@link PrimaryAction.Exit}.
	 * @param action the action
	 */
	void execute(PrimaryAction action) {
		try {
			perform(action);
		}
		// The error means that the machine or the container has no thread left
		catch (IOException | RuntimeException | OutOfMemoryError ex) {
			failed(action, (ex instanceof IOException) ? String.valueOf(ex.getMessage()) : ex.toString());
		}
	}

	private void perform(PrimaryAction action) throws IOException {
		if (action instanceof PrimaryAction.Log line) {
			this.log.write(line.level(), line.text());
		}
		else if (action instanceof PrimaryAction.CopyCode copy) {
			this.copies.take(copy.generation(), copy.training(), copy.workers());
		}
		else if (action instanceof PrimaryAction.Train train) {
			this.copies.train(train.generation(), train.workers());
		}
		else if (action instanceof PrimaryAction.StopTraining training) {
			this.copies.stopTraining(training.generation());
		}
		else if (action instanceof PrimaryAction.DiscardCode copy) {
			this.copies.discard(copy.generation());
		}
		else if (action instanceof PrimaryAction.Answer answer) {
			this.answers.accept(answer);
		}
		else if (action instanceof PrimaryAction.CountDrops count) {
			this.events.accept(new PrimaryEvent.DropsCounted(count.reload(), KernelDrops.read()));
		}
		else {
			performOnWorkers(action);
		}
	}

	private void performOnWorkers(PrimaryAction action) throws IOException {
		if (action instanceof PrimaryAction.Fork fork) {
			this.processes.fork(fork.worker(), fork.slot(), fork.generation(), fork.workers());
		}
		else if (action instanceof PrimaryAction.Send send) {
			this.processes.send(send.worker(), send.message(), null);
		}
		else if (action instanceof PrimaryAction.Confine confine) {
			this.processes.confine(confine.worker(), confine.precedence());
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
		else {
			performOnSockets(action);
		}
	}

	private void performOnSockets(PrimaryAction action) throws IOException {
		if (action instanceof PrimaryAction.Admit admit) {
			pass(admit.slot(), admit.worker(), new Message.Welcome(this.sockets.isIpv6()));
		}
		else if (action instanceof PrimaryAction.Assign assign) {
			this.processes.assign(assign.worker(), assign.slot());
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

	private void pass(int slot, int worker, Message.FromPrimary message) throws IOException {
		this.sockets.grow(slot + 1);
		this.processes.send(worker, message, this.sockets.descriptors().get(slot));
	}

	private void failed(PrimaryAction action, String reason) {
		PrimaryEvent event = eventOf(action, reason);
		if (event != null) {
			this.events.accept(event);
		}
		else {
			this.log.warn("%s failed: %s".formatted(action, reason));
		}
	}

	private @Nullable PrimaryEvent eventOf(PrimaryAction action, String reason) {
		if (action instanceof PrimaryAction.Admit admit) {
			return new PrimaryEvent.SocketFailed(admit.worker(), admit.slot(), reason);
		}
		if (action instanceof PrimaryAction.Assign assign) {
			return new PrimaryEvent.SocketFailed(assign.worker(), assign.slot(), reason);
		}
		if (action instanceof PrimaryAction.Adopt adopt) {
			return new PrimaryEvent.SocketFailed(adopt.worker(), adopt.slot(), reason);
		}
		if (action instanceof PrimaryAction.Listen && !this.sockets.isListening()) {
			return new PrimaryEvent.ListenFailed("port %d cannot be listened on: %s".formatted(this.port, reason));
		}
		if (action instanceof PrimaryAction.CopyCode copy) {
			return new PrimaryEvent.CopyFailed(copy.generation(), reason);
		}
		if (action instanceof PrimaryAction.CountDrops count) {
			return new PrimaryEvent.DropsCounted(count.reload(), null);
		}
		if (action instanceof PrimaryAction.Fork fork) {
			return new PrimaryEvent.WorkerExited(fork.worker(), 1, "no process (%s)".formatted(reason), List.of(),
					ExitEvidence.NONE);
		}
		// Without the message it would wait, or serve, for ever
		return (action instanceof PrimaryAction.Send send && !(send.message() instanceof Reply))
				? new PrimaryEvent.ChannelEnded(send.worker(), reason) : null;
	}

}
