package io.clusterboot.cli;

import java.io.IOException;

import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.control.ControlConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Puts a new version live.
 */
@Command(name = "reload", mixinStandardHelpOptions = true,
		description = "Put the jar and the configuration live that are there now; exit code 0 if they are.")
final class ReloadCommand extends Verb {

	@Mixin
	private Waiting waiting;

	@Option(names = "--parallel", description = "Replace all workers at once.")
	private boolean parallel;

	@Option(names = "--rolling", description = "Replace one worker after the other.")
	private boolean rolling;

	@Override
	public Integer call() throws IOException {
		if (this.parallel && this.rolling) {
			throw new CommandFailure(ExitCode.USAGE, "a reload is parallel or rolling, not both");
		}
		try (ControlConnection connection = this.clusters.connect()) {
			ReloadSnapshot begun = connection
				.ask((id) -> new Request.Reload(id, Clusters.requester(), strategy()), Reply.Reload.class)
				.reload();
			ReloadSnapshot reload = (this.waiting.isWanted()) ? awaitEnd(connection, begun.id()) : begun;
			if (this.console.isJson()) {
				this.console.print(Json.Document.of(reload));
			}
			else {
				Reloads.describe(reload, ClusterView.of(connection), this.console);
			}
			return (reload.status() == ReloadStatus.SUCCEEDED || !this.waiting.isWanted()) ? ExitCode.GOOD
					: ExitCode.BAD;
		}
	}

	private @Nullable ReloadStrategy strategy() {
		if (this.parallel) {
			return ReloadStrategy.PARALLEL;
		}
		return (this.rolling) ? ReloadStrategy.ROLLING : null;
	}

	private ReloadSnapshot awaitEnd(ControlConnection connection, int id) throws IOException {
		try (Progress progress = new Progress(this.console)) {
			return this.waiting.await(() -> ended(connection, id, progress), "the end of reload " + id);
		}
	}

	private static @Nullable ReloadSnapshot ended(ControlConnection connection, int id, Progress progress)
			throws IOException {
		ReloadSnapshot reload = connection.ask(Request.Reloads::new, Reply.Reloads.class)
			.reloads()
			.stream()
			.filter((known) -> known.id() == id)
			.findFirst()
			.orElseThrow(() -> new CommandFailure(ExitCode.BAD,
					"the cluster does not know reload %d any more".formatted(id)));
		ClusterView view = ClusterView.of(connection);
		// How long the first worker is still watched is no step
		String phase = Reloads.phase(reload, view).replaceFirst(" for \\d.*", "");
		progress.show("reload %d: %s".formatted(id, phase), Reloads.progress(reload, view));
		return (reload.status() != ReloadStatus.RUNNING) ? reload : null;
	}

}
