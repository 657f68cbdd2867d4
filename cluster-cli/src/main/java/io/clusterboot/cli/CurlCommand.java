package io.clusterboot.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.URI;
import java.net.URL;

import io.clusterboot.control.ControlConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Sends a request to one worker.
 */
@Command(name = "curl", mixinStandardHelpOptions = true,
		description = "Send a request to the worker of a slot, by its side door; exit code 1 if the answer is 400 or above.")
final class CurlCommand extends Verb {

	private static final int CONNECT_MILLIS = 5_000;

	private static final int READ_MILLIS = 60_000;

	private static final int ERROR = 400;

	@Parameters(index = "0", paramLabel = "SLOT", description = "The slot, from 0.")
	private int slot;

	@Parameters(index = "1", paramLabel = "PATH", description = "What to ask for, such as /actuator/health.")
	private String path;

	@Option(names = { "-X", "--request" }, paramLabel = "METHOD", defaultValue = "GET",
			description = "The method (default: ${DEFAULT-VALUE}).")
	private String method;

	@Option(names = { "-i", "--include" }, description = "Print the status and the headers too.")
	private boolean include;

	@Override
	public Integer call() throws IOException {
		int port;
		try (ControlConnection connection = this.clusters.connect()) {
			port = ClusterView.of(connection).requireSlot(this.slot).sideDoor();
		}
		if (port == 0) {
			throw new CommandFailure(ExitCode.BAD,
					"the worker of slot %d has no side door, or has not started its web server yet"
						.formatted(this.slot));
		}
		String rest = (this.path.startsWith("/")) ? this.path : "/" + this.path;
		HttpURLConnection request = (HttpURLConnection) url(port, rest).openConnection();
		request.setConnectTimeout(CONNECT_MILLIS);
		request.setReadTimeout(READ_MILLIS);
		request.setInstanceFollowRedirects(false);
		setMethod(request);
		int status = request.getResponseCode();
		this.console.out().flush();
		if (this.include) {
			System.out.println(request.getHeaderField(0));
			request.getHeaderFields()
				.forEach((name, values) -> values.stream()
					.filter((value) -> name != null)
					.forEach((value) -> System.out.println(name + ": " + value)));
			System.out.println();
		}
		try (InputStream body = (status < ERROR) ? request.getInputStream() : request.getErrorStream()) {
			if (body != null) {
				body.transferTo(System.out);
			}
		}
		System.out.flush();
		return (status < ERROR) ? ExitCode.GOOD : ExitCode.BAD;
	}

	private static URL url(int port, String rest) throws IOException {
		try {
			return URI.create("http://127.0.0.1:" + port + rest).toURL();
		}
		catch (IllegalArgumentException ex) {
			throw new CommandFailure(ExitCode.USAGE, "'%s' is no path; encode what is special in it".formatted(rest));
		}
	}

	private void setMethod(HttpURLConnection request) {
		try {
			request.setRequestMethod(this.method);
		}
		catch (ProtocolException ex) {
			throw new CommandFailure(ExitCode.USAGE, "the method %s cannot be sent".formatted(this.method));
		}
	}

}
