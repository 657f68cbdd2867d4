package io.clusterboot.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

import io.clusterboot.cli.drill.Audience;
import io.clusterboot.cli.drill.Drill;
import io.clusterboot.cli.drill.Finding;
import io.clusterboot.cli.drill.Report;
import io.clusterboot.cli.drill.Setup;
import io.clusterboot.cli.drill.Step;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Finds out whether an application is fit to run as a cluster.
 */
@Command(name = "drill", mixinStandardHelpOptions = true,
		description = "Start an application as a cluster of its own, on a free port, and do to it under load what may "
				+ "happen: a reload, kill -9, SIGSTOP, broken jars, a stop; exit code 0 if it is fit for that.")
final class DrillCommand implements Callable<Integer>, Audience {

	private static final int MOST_REQUESTS = 500;

	@Mixin
	private Console console;

	@Parameters(index = "0", paramLabel = "JAR", description = "The application, as the build has made it.")
	private Path jar;

	@Parameters(index = "1..*", paramLabel = "ARGUMENT", arity = "0..*",
			description = "Arguments of the application, after '--', such as a profile of its own.")
	private List<String> arguments = List.of();

	@Option(names = "--path", paramLabel = "PATH", defaultValue = "/",
			description = "What to ask for, several times for several (default: ${DEFAULT-VALUE}).")
	private List<String> paths;

	@Option(names = "--rate", paramLabel = "N", defaultValue = "20",
			description = "How many requests in a second (default: ${DEFAULT-VALUE}).")
	private int rate;

	@Option(names = "--java", paramLabel = "COMMAND",
			description = "The java that runs the application (default: the one that runs this command).")
	private Path java = Path.of(System.getProperty("java.home"), "bin", "java");

	@Option(names = "--log", paramLabel = "FILE",
			description = "Where to write what the application prints (default: a file in the temporary directory).")
	private @Nullable Path log;

	@Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "900",
			description = "How long all may take (default: ${DEFAULT-VALUE}); the exit code is 124 then.")
	private int timeout;

	private final long begin = System.nanoTime();

	private Path output;

	@Override
	public Integer call() throws IOException {
		check();
		this.output = (this.log != null) ? this.log : Files.createTempFile("cluster-drill-", ".log");
		Report report = Drill.run(new Setup(this.jar, this.java, this.arguments, this.paths, this.rate, this.output,
				Clusters.requester(), Clusters.PATIENCE), this);
		if (this.console.isJson()) {
			this.console.print(Json.Document.of(report));
		}
		else {
			print(report);
		}
		return (report.passed()) ? ExitCode.GOOD : ExitCode.BAD;
	}

	private void check() {
		try {
			Drill.requireApplication(this.jar);
		}
		catch (IllegalArgumentException ex) {
			throw new CommandFailure(ExitCode.USAGE, String.valueOf(ex.getMessage()));
		}
		for (String path : this.paths) {
			if (!path.matches("/[!-~]*")) {
				throw new CommandFailure(ExitCode.USAGE,
						"'%s' is no path: it begins with a slash, and what is special in it is encoded"
							.formatted(path));
			}
		}
		if (this.rate < 1 || this.rate > MOST_REQUESTS) {
			throw new CommandFailure(ExitCode.USAGE,
					"--rate is from 1 to %d, not %d".formatted(MOST_REQUESTS, this.rate));
		}
		if (this.timeout < 1) {
			throw new CommandFailure(ExitCode.USAGE, "--timeout is at least 1, not " + this.timeout);
		}
	}

	@Override
	public void started(int port) {
		say("drill of %s on port %d; what it prints is in %s".formatted(this.jar.getFileName(), port, this.output));
	}

	@Override
	public void begins(String step) {
		if (this.console.isInteractive() && !this.console.isJson()) {
			this.console.out().print("%-10s  ...".formatted(step));
			this.console.out().flush();
		}
	}

	@Override
	public void ended(Step step) {
		String verdict = "%-7s".formatted(Text.of(step.verdict()));
		String line = "%-10s  %s  %s".formatted(step.name(), switch (step.verdict()) {
			case PASSED -> this.console.good(verdict);
			case FAILED -> this.console.bad(verdict);
			case SKIPPED -> this.console.pending(verdict);
		}, this.console.foreign(step.summary()));
		say(((this.console.isInteractive()) ? "\r\u001b[K" : "") + line);
	}

	private void say(String line) {
		if (!this.console.isJson()) {
			this.console.out().println(line);
			this.console.out().flush();
		}
	}

	private void print(Report report) {
		PrintWriter out = this.console.out();
		List<Finding> findings = report.findings();
		for (int i = 0; i < findings.size(); i++) {
			Finding finding = findings.get(i);
			out.println();
			out.println("%d. %s: %s".formatted(i + 1, finding.step(),
					this.console.bad(this.console.foreign(finding.what()))));
			out.println("   cause:  " + this.console.foreign(finding.cause()));
			out.println("   change: " + finding.change());
		}
		out.println();
		out.println((report.passed()) ? this.console.good("passed: as far as this can tell, it is fit for a cluster")
				: this.console.bad("failed: " + Text.count(findings.size(), "finding")));
	}

	@Override
	public <T> T await(Look<T> look, String what) throws IOException {
		Duration left = Duration.ofSeconds(this.timeout).minusNanos(System.nanoTime() - this.begin);
		if (left.toSeconds() < 1) {
			throw new CommandFailure(ExitCode.TIMEOUT, "the drill has not ended within %d s".formatted(this.timeout));
		}
		Waiting waiting = new Waiting();
		waiting.setTimeout((int) left.toSeconds());
		return waiting.await(look::look, what);
	}

}
