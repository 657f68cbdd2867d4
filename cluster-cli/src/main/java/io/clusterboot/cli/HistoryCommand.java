package io.clusterboot.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import io.clusterboot.ReloadSnapshot;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.control.ControlConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Shows the last reloads.
 */
@Command(name = "history", mixinStandardHelpOptions = true,
		description = "Show the last reloads, or everything about one.")
final class HistoryCommand extends Verb {

	@Parameters(paramLabel = "ID", arity = "0..1", description = "The number of a reload.")
	private @Nullable Integer id;

	@Override
	public Integer call() throws IOException {
		try (ControlConnection connection = this.clusters.connect()) {
			List<ReloadSnapshot> reloads = connection.ask(Request.Reloads::new, Reply.Reloads.class)
				.reloads()
				.stream()
				.filter((reload) -> this.id == null || reload.id() == this.id)
				.toList();
			ClusterView view = ClusterView.of(connection);
			if (this.id != null && reloads.isEmpty()) {
				throw new CommandFailure(ExitCode.BAD,
						"there is no reload %d, or it is too long ago".formatted(this.id));
			}
			if (this.console.isJson()) {
				this.console.print(Json.Document.of((this.id != null) ? reloads.get(0) : reloads));
			}
			else if (this.id != null) {
				Reloads.describe(reloads.get(0), view, this.console);
			}
			else {
				Table table = new Table("ID", "STARTED", "STATUS", "STRATEGY", "FROM", "TO", "TOOK", "BY");
				reloads.forEach((reload) -> table.add(reload.id(), Text.of(reload.started()),
						(view.isWaiting(reload)) ? "waits" : Text.of(reload.status()), Text.of(reload.strategy()),
						reload.fromGeneration(), reload.toGeneration(),
						Text.seconds(Duration.between(reload.started(), Reloads.end(reload, view.now()))),
						this.console.foreign(Reloads.requester(reload))));
				table.lines().forEach(this.console.out()::println);
			}
			return ExitCode.GOOD;
		}
	}

}
