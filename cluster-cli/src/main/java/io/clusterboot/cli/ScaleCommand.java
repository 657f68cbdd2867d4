package io.clusterboot.cli;

import java.io.IOException;
import java.util.List;

import io.clusterboot.WorkerState;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.control.ControlConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Changes how many workers there are.
 */
@Command(name = "scale", mixinStandardHelpOptions = true, description = "Have so many workers, or more or fewer.")
final class ScaleCommand extends Verb {

	@Mixin
	private Waiting waiting;

	@Parameters(paramLabel = "N|+N|-N", description = "How many workers, or how many more or fewer.")
	private String workers;

	@Override
	public Integer call() throws IOException {
		if (!this.workers.matches("[+-]?\\d{1,9}")) {
			throw new CommandFailure(ExitCode.USAGE,
					"'%s' is no number of workers: use for example 4, +1 or -1".formatted(this.workers));
		}
		try (ControlConnection connection = this.clusters.connect()) {
			int given = Integer.parseInt(this.workers);
			boolean relative = !Character.isDigit(this.workers.charAt(0));
			int wanted = (relative) ? ClusterView.of(connection).target() + given : given;
			if (wanted < 1) {
				throw new CommandFailure(ExitCode.USAGE, "there must be a worker at least; to end the cluster: stop");
			}
			int target = connection.ask((id) -> new Request.Scale(id, Clusters.requester(), wanted), Reply.Scale.class)
				.workers();
			ClusterView view = (this.waiting.isWanted()) ? awaitTarget(connection, target) : ClusterView.of(connection);
			if (this.console.isJson()) {
				this.console.print(Json.Document.of(view));
			}
			else {
				this.console.out().println("%s, %d ready".formatted(Text.count(target, "worker"), view.ready()));
			}
			return ExitCode.GOOD;
		}
	}

	private ClusterView awaitTarget(ControlConnection connection, int target) throws IOException {
		try (Progress progress = new Progress(this.console)) {
			return this.waiting.await(() -> {
				ClusterView view = ClusterView.of(connection);
				// Spares are no part of it
				List<ClusterView.Worker> workers = view.workers()
					.stream()
					.filter((worker) -> worker.slot() >= 0)
					.toList();
				if (view.target() == target && view.ready() == target && workers.size() == target) {
					return view;
				}
				progress.show((view.target() != target) ? "scaling to %d %s".formatted(target, view.waits())
						: step(workers, view.ready(), target));
				return null;
			}, "the number of %d ready workers".formatted(target));
		}
	}

	private static String step(List<ClusterView.Worker> workers, long ready, int target) {
		StringBuilder step = new StringBuilder("%d/%d ready".formatted(ready, target));
		for (ClusterView.Worker worker : workers) {
			if (worker.state().compareTo(WorkerState.READY) < 0) {
				step.append(", worker %d starts".formatted(worker.id()));
			}
			else if (worker.state() != WorkerState.READY) {
				step.append(", worker %d %s".formatted(worker.id(),
						(worker.state() == WorkerState.DRAINING) ? "drains" : "ends"));
			}
		}
		return step.toString();
	}

}
