package io.clusterboot.cli;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;

import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.control.ControlConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Ends the cluster.
 */
@Command(name = "stop", aliases = "delete", mixinStandardHelpOptions = true,
		description = "End the cluster; requests in flight are answered.")
final class StopCommand extends Verb {

	@Mixin
	private Waiting waiting;

	@Override
	public Integer call() throws IOException {
		try (ControlConnection connection = this.clusters.connect()) {
			long begin = System.nanoTime();
			long pid = connection.introduction().pid();
			String name = connection.introduction().toString();
			try {
				connection.ask((id) -> new Request.Shutdown(id, Clusters.requester()), Reply.Shutdown.class);
			}
			catch (EOFException ex) {
				// it was faster than its answer
			}
			if (!this.waiting.isWanted()) {
				return ExitCode.GOOD;
			}
			this.waiting.await(() -> ProcessHandle.of(pid).isEmpty() ? name : null, "the end of primary " + pid);
			Duration took = Duration.ofNanos(System.nanoTime() - begin);
			if (this.console.isJson()) {
				this.console.print(Json.Document.of(new Stopped(pid, took)));
			}
			else {
				this.console.out().println("primary %d has ended after %s".formatted(pid, Text.seconds(took)));
			}
			return ExitCode.GOOD;
		}
	}

	private record Stopped(long pid, Duration took) {

	}

}
