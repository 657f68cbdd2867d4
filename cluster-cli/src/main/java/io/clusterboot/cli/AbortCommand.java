package io.clusterboot.cli;

import java.io.IOException;

import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStatus;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.control.ControlConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Ends the reload that runs.
 */
@Command(name = "abort", mixinStandardHelpOptions = true,
		description = "End the reload that runs; every slot goes back to the old version.")
final class AbortCommand extends Verb {

	@Mixin
	private Waiting waiting;

	@Override
	public Integer call() throws IOException {
		try (ControlConnection connection = this.clusters.connect()) {
			ReloadSnapshot last = connection.ask(Request.Snapshot::new, Reply.Snapshot.class).snapshot().lastReload();
			ReloadSnapshot aborted = (last != null)
					? connection.ask((id) -> new Request.Abort(id, Clusters.requester(), last.id()), Reply.Abort.class)
						.reload()
					: null;
			if (aborted == null) {
				throw new CommandFailure(ExitCode.BAD, "no reload runs");
			}
			ReloadSnapshot ended = (this.waiting.isWanted())
					? this.waiting.await(() -> connection.ask(Request.Reloads::new, Reply.Reloads.class)
						.reloads()
						.stream()
						.filter((reload) -> reload.id() == aborted.id() && reload.status() != ReloadStatus.RUNNING)
						.findFirst()
						.orElse(null), "the end of reload " + aborted.id())
					: aborted;
			if (this.console.isJson()) {
				this.console.print(Json.Document.of(ended));
			}
			else {
				Reloads.describe(ended, ClusterView.of(connection), this.console);
			}
			return (ended.status() != ReloadStatus.SUCCEEDED) ? ExitCode.GOOD : ExitCode.BAD;
		}
	}

}
