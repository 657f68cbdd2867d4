package io.clusterboot.cli;

import java.io.IOException;

import io.clusterboot.WorkerState;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.control.ControlConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Replaces one worker.
 */
@Command(name = "restart", mixinStandardHelpOptions = true,
		description = "Replace the worker of a slot by a new one of the same version, without a failed request.")
final class RestartCommand extends Verb {

	@Mixin
	private Waiting waiting;

	@Parameters(paramLabel = "SLOT", description = "The slot, from 0.")
	private int slot;

	@Override
	public Integer call() throws IOException {
		try (ControlConnection connection = this.clusters.connect()) {
			ClusterView.Worker old = ClusterView.of(connection).requireSlot(this.slot);
			if (!connection.ask((id) -> new Request.Disconnect(id, Clusters.requester(), old.id()), Reply.Worker.class)
				.known()) {
				throw new CommandFailure(ExitCode.BAD, "worker %d has just ended".formatted(old.id()));
			}
			if (this.waiting.isWanted()) {
				ClusterView.Worker replacement = awaitReplacement(connection, old.id());
				if (this.console.isJson()) {
					this.console.print(Json.Document.of(replacement));
				}
				else {
					this.console.out()
						.println("slot %d: worker %d in the place of worker %d".formatted(this.slot, replacement.id(),
								old.id()));
				}
			}
			return ExitCode.GOOD;
		}
	}

	private ClusterView.Worker awaitReplacement(ControlConnection connection, int old) throws IOException {
		try (Progress progress = new Progress(this.console)) {
			return this.waiting.await(() -> replacement(ClusterView.of(connection), old, progress),
					"another worker in slot " + this.slot);
		}
	}

	private ClusterView.@Nullable Worker replacement(ClusterView view, int old, Progress progress) {
		boolean gone = view.workers().stream().noneMatch((worker) -> worker.id() == old);
		ClusterView.Worker next = view.workers()
			.stream()
			.filter((worker) -> worker.slot() == this.slot && worker.id() != old)
			.reduce((older, newer) -> newer)
			.orElse(null);
		boolean ready = next != null && next.state() == WorkerState.READY;
		if (gone && ready) {
			return next;
		}
		progress.show("slot %d: %s".formatted(this.slot, step(view, old, next, ready)));
		return null;
	}

	private static String step(ClusterView view, int old, ClusterView.@Nullable Worker next, boolean ready) {
		if (next == null) {
			return "worker %d is to be replaced, %s".formatted(old, view.waits());
		}
		return (ready) ? "worker %d is ready, worker %d drains".formatted(next.id(), old)
				: "worker %d starts".formatted(next.id());
	}

}
