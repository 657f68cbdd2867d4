package io.clusterboot.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;

import io.clusterboot.control.ControlConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Shows everything about the cluster or a worker.
 */
@Command(name = "describe", mixinStandardHelpOptions = true,
		description = "Show everything about the cluster, or about the worker of a slot.")
final class DescribeCommand extends Verb {

	@Parameters(paramLabel = "SLOT", arity = "0..1", description = "The slot, from 0.")
	private @Nullable Integer slot;

	@Override
	public Integer call() throws IOException {
		try (ControlConnection connection = this.clusters.connect()) {
			ClusterView view = ClusterView.of(connection);
			ClusterView.Worker worker = (this.slot != null) ? view.requireSlot(this.slot) : null;
			if (this.console.isJson()) {
				this.console.print(Json.Document.of((worker != null) ? worker : view));
			}
			else if (worker != null) {
				describe(worker, view.now());
			}
			else {
				describe(view);
			}
			return ExitCode.GOOD;
		}
	}

	private void describe(ClusterView view) {
		PrintWriter out = this.console.out();
		out.println(this.console.foreign(view.title()));
		view.table(this.console).forEach(out::println);
		if (view.lastReload() != null) {
			out.println();
			out.println(this.console.bold("Last reload"));
			Reloads.describe(view.lastReload(), view, this.console);
		}
	}

	private void describe(ClusterView.Worker worker, Instant now) {
		line("slot", worker.slot());
		line("worker", worker.id());
		line("pid", worker.pid());
		line("generation", worker.generation());
		line("state", Text.of(worker.state()));
		line("started", worker.started() + ", " + Text.of(Duration.between(worker.started(), now)) + " ago");
		if (worker.ready() != null) {
			line("ready",
					worker.ready() + ", after " + Text.seconds(Duration.between(worker.started(), worker.ready())));
		}
		line("restarts of the slot", worker.restarts());
		line("last heard", (worker.age() != null) ? Text.seconds(worker.age()) + " ago" : "-");
		line("requests", "%d, %s per second lately".formatted(worker.requests(),
				worker.recently("%.1f", worker.requestsPerSecond())));
		line("server errors", worker.recently("%.1f%% lately", 100 * worker.errorShare()));
		line("p99", worker.recently("%.0f ms lately", worker.p99().toMillis()));
		line("in flight", worker.requestsInFlight());
		line("connections", worker.connections());
		line("memory", "%s, of it heap %s".formatted(Text.ofBytes(worker.memory()), Text.ofBytes(worker.heap())));
		line("processors", worker.recently("%.2f lately", worker.processors()));
		line("threads", worker.threads());
		line("open files", worker.openFiles());
		line("side door", (worker.sideDoor() != 0) ? "127.0.0.1:" + worker.sideDoor() : "none");
	}

	private void line(String name, Object value) {
		this.console.out().println("%-21s %s".formatted(name, value));
	}

}
