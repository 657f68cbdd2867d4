package io.clusterboot.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The terminal that this process belongs to, by {@code stty(1)}, as a screen without a
 * cursor that hands each key over when it is pressed.
 */
final class Terminal implements AutoCloseable {

	/**
	 * The key that suspends, which is a key like others here.
	 */
	static final int SUSPEND = 'Z' - '@';

	private static final Path OUT = Path.of("/proc/self/fd/1");

	// To ask the terminal takes a process
	private static final Duration MEASURE = Duration.ofSeconds(5);

	private static final int[] UNKNOWN = { 24, 80 };

	private static final List<String> KEYS = List.of("-icanon", "-echo", "min", "0", "time", "0", "susp", "undef");

	// How it was, or null when it is so again
	private @Nullable String before;

	private int[] size = UNKNOWN;

	private long measured;

	Terminal() throws IOException {
		this.before = stty(List.of("-g")).strip();
		Runtime.getRuntime().addShutdownHook(new Thread(this::close));
		measure();
		System.out.print("\u001b[?1049h\u001b[?25l");
	}

	// From Java 22 on a console need not be one
	static boolean isTerminal() {
		try {
			String target = Files.readSymbolicLink(OUT).toString();
			return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Give it back to whoever had it before.
	 */
	@Override
	public synchronized void close() {
		if (this.before == null) {
			return;
		}
		try {
			stty(List.of(this.before));
		}
		catch (IOException ex) {
			// it is gone
		}
		this.before = null;
		System.out.print("\u001b[?25h\u001b[?1049l");
		System.out.flush();
	}

	/**
	 * Stop until somebody, such as the shell, has this process go on. Nobody may have the
	 * terminal then.
	 * @throws IOException if that is not possible
	 */
	static void suspend() throws IOException {
		// With all of its group, as a terminal does, and like there not at all if no
		// shell
		// is there to have it go on: see setpgid(2)
		run(List.of("sh", "-c", "kill -TSTP 0"));
	}

	/**
	 * Return how large it is.
	 * @return lines and columns
	 */
	int[] size() {
		if (System.nanoTime() - this.measured > MEASURE.toNanos()) {
			try {
				measure();
			}
			catch (IOException ex) {
				// it is gone, or too busy
			}
		}
		return this.size;
	}

	// Who is stopped without being asked does not get back what it had set
	private void measure() throws IOException {
		List<String> arguments = new ArrayList<>(KEYS);
		arguments.add("size");
		String[] found = stty(arguments).strip().split(" ");
		this.measured = System.nanoTime();
		int lines = Integer.parseInt(found[0]);
		int columns = Integer.parseInt(found[1]);
		this.size = (lines > 0 && columns > 0) ? new int[] { lines, columns } : UNKNOWN;
	}

	private static String stty(List<String> arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of("stty", "-F", "/dev/tty"));
		command.addAll(arguments);
		return run(command);
	}

	private static String run(List<String> command) throws IOException {
		Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
		process.getOutputStream().close();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
		try {
			if (process.waitFor() != 0) {
				throw new IOException("%s has failed: is this a terminal?".formatted(command.get(0)));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return output;
	}

}
