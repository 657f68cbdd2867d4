package io.clusterboot.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

import io.clusterboot.IncidentSnapshot;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.control.ControlConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Shows which workers have ended that nobody wanted to end.
 */
@Command(name = "incidents", mixinStandardHelpOptions = true,
		description = "Show which workers have ended though nobody wanted that, or everything about one such end.")
final class IncidentsCommand extends Verb {

	@Parameters(paramLabel = "ID", arity = "0..1", description = "The number of an incident.")
	private @Nullable Integer id;

	@Override
	public Integer call() throws IOException {
		try (ControlConnection connection = this.clusters.connect()) {
			if (this.id != null) {
				describe(connection, this.id);
				return ExitCode.GOOD;
			}
			List<IncidentSnapshot> incidents = connection.ask(Request.Incidents::new, Reply.Incidents.class)
				.incidents();
			if (this.console.isJson()) {
				this.console.print(Json.Document.of(incidents));
				return ExitCode.GOOD;
			}
			Table table = new Table("ID", "TIME", "SLOT", "WORKER", "PID", "GEN", "CAUSE", "DETAIL");
			incidents.forEach((incident) -> table.add(incident.id(), Text.of(incident.time()), incident.slot(),
					incident.worker(), incident.pid(), incident.generation(), Text.of(incident.cause()),
					this.console.foreign(incident.detail())));
			table.lines().forEach(this.console.out()::println);
			return ExitCode.GOOD;
		}
	}

	private void describe(ControlConnection connection, int wanted) throws IOException {
		IncidentSnapshot incident = connection
			.ask((question) -> new Request.Incident(question, wanted), Reply.Incident.class)
			.incident();
		if (incident == null) {
			throw new CommandFailure(ExitCode.BAD, "there is no incident %d, or it is too long ago".formatted(wanted));
		}
		if (this.console.isJson()) {
			this.console.print(Json.Document.of(incident));
			return;
		}
		PrintWriter out = this.console.out();
		out.println("incident %d at %s: %s".formatted(incident.id(), incident.time(),
				this.console.bad(Text.of(incident.cause()))));
		out.println(this.console.foreign(incident.detail()));
		out.println("worker %d, slot %d, pid %d, generation %d".formatted(incident.worker(), incident.slot(),
				incident.pid(), incident.generation()));
		if (incident.exited() != null) {
			out.println("ended at %s: %s".formatted(incident.exited(), this.console.foreign(incident.exit())));
		}
		part("Its last lines", incident.output());
		part("Its threads", (incident.threadDump() != null) ? incident.threadDump().lines().toList() : List.of());
		part("What the JVM wrote", (incident.errorFile() != null) ? incident.errorFile().lines().toList() : List.of());
	}

	private void part(String title, List<String> lines) {
		if (!lines.isEmpty()) {
			this.console.out().println();
			this.console.out().println(this.console.bold(title));
			lines.forEach((line) -> this.console.out().println(this.console.foreign(line)));
		}
	}

}
