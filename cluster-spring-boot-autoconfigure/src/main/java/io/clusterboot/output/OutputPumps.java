package io.clusterboot.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * Where the output of workers goes on.
 *
 * @param out the way of their standard output
 * @param err the way of their standard error; {@code null} if it is that of their
 * standard output
 * @param history keeps the last lines of all
 */
public record OutputPumps(OutputPump out, @Nullable OutputPump err, LogHistory history) {

	private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

	/**
	 * Start to pass output on to the primary's own streams. If they are the same file, as
	 * in a terminal, workers have only one too: that is the one way to keep the order of
	 * what they write, and lines whole.
	 * @param log the primary's own log, which goes to its standard output
	 * @return the pumps
	 * @throws IOException if descriptors ran out
	 */
	public static OutputPumps start(PrimaryLog log) throws IOException {
		OutputPump err = !isOneFile() ? OutputPump.start("cluster-stderr", new OutputTarget(System.err)) : null;
		return new OutputPumps(OutputPump.start("cluster-stdout", log.target()), err, log.history());
	}

	private static boolean isOneFile() {
		try {
			return Files.readSymbolicLink(DESCRIPTORS.resolve("1"))
				.equals(Files.readSymbolicLink(DESCRIPTORS.resolve("2")));
		}
		catch (IOException ex) {
			// one of them is closed
			return false;
		}
	}

}
