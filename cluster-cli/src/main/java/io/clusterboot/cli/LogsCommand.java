package io.clusterboot.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;

import io.clusterboot.channel.Control;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.control.ControlConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Shows what the primary and its workers print.
 */
@Command(name = "logs", mixinStandardHelpOptions = true,
		description = "Show the last lines of the cluster, of one slot or of the primary.")
final class LogsCommand extends Verb {

	private static final Duration LOOK = Duration.ofSeconds(3600);

	@Parameters(paramLabel = "SLOT", arity = "0..1", description = "The slot, from 0, or 'primary'.")
	private @Nullable String slot;

	@Option(names = { "-f", "--follow" }, description = "Go on with the lines to come.")
	private boolean follow;

	@Spec
	private CommandSpec spec;

	private int lines;

	@Option(names = { "-n", "--lines" }, paramLabel = "N", defaultValue = "100",
			description = "How many of the last lines (default: ${DEFAULT-VALUE}). The primary keeps half a megabyte.")
	void setLines(int count) {
		if (count < 0) {
			throw new ParameterException(this.spec.commandLine(), "--lines is at least 0, not " + count);
		}
		this.lines = count;
	}

	@Override
	public Integer call() throws IOException {
		try (ControlConnection connection = this.clusters.connect()) {
			int slot = slot();
			int slots = connection.ask(Request.Snapshot::new, Reply.Snapshot.class).snapshot().target();
			if (slot >= slots) {
				throw new CommandFailure(ExitCode.BAD,
						"there is no slot %d: they are 0 to %d".formatted(slot, slots - 1));
			}
			connection.ask(new Control.Logs(slot, this.lines, this.follow));
			boolean complete = false;
			while ((this.follow || !complete) && !this.console.out().checkError()) {
				Message message = connection.receive((this.follow) ? LOOK : Clusters.PATIENCE);
				if (message instanceof Control.Lines found) {
					print(found);
					complete = found.complete();
				}
				else if (!this.follow) {
					throw new CommandFailure(ExitCode.TIMEOUT, "the primary does not answer");
				}
			}
		}
		catch (EOFException ex) {
			throw new CommandFailure(ExitCode.BAD, "the primary has ended, or others took this place at its socket");
		}
		return ExitCode.GOOD;
	}

	private int slot() {
		if (this.slot == null) {
			return Control.Logs.ALL;
		}
		if (this.slot.equals("primary")) {
			return Control.Logs.PRIMARY;
		}
		if (!this.slot.matches("\\d{1,6}")) {
			throw new CommandFailure(ExitCode.USAGE,
					"'%s' is no slot: use a number, or 'primary'".formatted(this.slot));
		}
		return Integer.parseInt(this.slot);
	}

	private void print(Control.Lines found) {
		PrintWriter out = this.console.out();
		if (found.lost() > 0) {
			this.console.err()
				.println(
						"cluster: up to %d lines are missing here, they were not read in time".formatted(found.lost()));
		}
		for (Control.Line line : found.lines()) {
			out.println((this.console.isJson()) ? Json.of(line) : prefix(line) + this.console.foreign(line.text()));
		}
		out.flush();
	}

	private String prefix(Control.Line line) {
		if (this.slot != null) {
			return "";
		}
		String name = switch (line.slot()) {
			case Control.Logs.PRIMARY -> "primary";
			case -1 -> "spare";
			default -> String.valueOf(line.slot());
		};
		return this.console.ofSlot(line.slot(), "%7s | ".formatted(name));
	}

}
