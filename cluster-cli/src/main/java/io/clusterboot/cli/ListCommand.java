package io.clusterboot.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import picocli.CommandLine.Command;

/**
 * Shows all clusters.
 */
@Command(name = "list", aliases = { "ls", "ps" }, mixinStandardHelpOptions = true,
		description = "Show all clusters of this user and their workers; for root, those of all users.")
final class ListCommand extends Verb {

	@Override
	public Integer call() throws IOException {
		List<ClusterView> views = new ArrayList<>();
		List<String> problems = new ArrayList<>();
		boolean late = false;
		for (Clusters.Found found : this.clusters.all()) {
			try {
				views.add(ClusterView.of(found.connection()));
			}
			catch (IOException | CommandFailure ex) {
				problems.add(String.valueOf(ex.getMessage()));
				late |= ex instanceof CommandFailure failure && failure.exitCode() == ExitCode.TIMEOUT;
			}
			found.close();
		}
		if (this.console.isJson()) {
			this.console.print(Json.Document.of(views));
		}
		else {
			for (ClusterView view : views) {
				this.console.out().println(this.console.foreign(view.title()));
				view.table(this.console).forEach(this.console.out()::println);
				this.console.out().println();
			}
			this.console.out().flush();
		}
		problems.forEach((problem) -> this.console.err().println("cluster: " + Console.plain(problem)));
		if (views.isEmpty() && problems.isEmpty()) {
			throw new CommandFailure(ExitCode.NOTHING, this.clusters.nothing());
		}
		if (late) {
			return ExitCode.TIMEOUT;
		}
		return (problems.isEmpty()) ? ExitCode.GOOD : ExitCode.BAD;
	}

}
