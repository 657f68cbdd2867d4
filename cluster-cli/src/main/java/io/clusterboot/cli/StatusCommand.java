package io.clusterboot.cli;

import java.io.IOException;

import io.clusterboot.control.ControlConnection;
import picocli.CommandLine.Command;

/**
 * Says in one line and by the exit code how the cluster is.
 */
@Command(name = "status", mixinStandardHelpOptions = true,
		description = "Say in one line how the cluster is; exit code 0 if it serves with all its workers, else 1.")
final class StatusCommand extends Verb {

	@Override
	public Integer call() throws IOException {
		try (ControlConnection connection = this.clusters.connect()) {
			ClusterView view = ClusterView.of(connection);
			if (this.console.isJson()) {
				this.console.print(Json.Document.of(view));
			}
			else {
				String title = this.console.foreign(view.title());
				this.console.out().println((view.isGood()) ? this.console.good(title) : this.console.bad(title));
			}
			return (view.isGood()) ? ExitCode.GOOD : ExitCode.BAD;
		}
	}

}
