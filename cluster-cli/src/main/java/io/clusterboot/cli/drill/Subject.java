package io.clusterboot.cli.drill;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import io.clusterboot.control.ControlDirectory;
import org.jspecify.annotations.Nullable;

/**
 * The application as a cluster of its own, in a directory of its own. Closing it leaves
 * nothing but the file with its output.
 */
final class Subject implements AutoCloseable {

	private static final String LOOPBACK = "127.0.0.1";

	private static final int CONNECT_MILLIS = 1000;

	private static final long END_SECONDS = 5;

	private final Setup setup;

	private final Path directory;

	private final ControlDirectory sockets;

	private final int port;

	private final Process process;

	// When somebody ends the drill in the middle of it
	private final Thread hook = new Thread(this::end, "drill-end");

	private final AtomicBoolean ended = new AtomicBoolean();

	private @Nullable Primary primary;

	Subject(Setup setup) throws IOException {
		this.setup = setup;
		this.directory = Files.createTempDirectory("cluster-drill-");
		this.sockets = new ControlDirectory(this.directory.resolve("control"));
		try {
			Files.copy(setup.jar(), jar());
			this.port = freePort();
			List<String> line = new ArrayList<>(List.of(setup.java().toString(), "-jar", jar().toString()));
			line.addAll(Arguments.of(setup.arguments(), this.port, this.sockets.path()));
			this.process = new ProcessBuilder(line).redirectInput(new File("/dev/null"))
				.redirectErrorStream(true)
				.redirectOutput(setup.output().toFile())
				.start();
			Runtime.getRuntime().addShutdownHook(this.hook);
		}
		catch (IOException | RuntimeException ex) {
			delete();
			throw ex;
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
			return socket.getLocalPort();
		}
	}

	Path jar() {
		return this.directory.resolve(this.setup.jar().getFileName());
	}

	int port() {
		return this.port;
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Return whether it has ended though this drill did not end it.
	 * @return whether it has
	 * @throws IOException if the drill is being ended
	 */
	boolean hasDied() throws IOException {
		if (this.ended.get()) {
			throw new IOException("the drill was ended in the middle");
		}
		return !this.process.isAlive();
	}

	/**
	 * Return whether it has ended, or does so now.
	 * @return whether nobody needs to ask it anything any more
	 * @throws IOException if the drill is being ended
	 */
	boolean isDying() throws IOException {
		try {
			this.process.waitFor(2, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return hasDied();
	}

	int exitCode() {
		return this.process.exitValue();
	}

	/**
	 * Connect to the primary, unless that has been done.
	 * @return whether there is a connection
	 * @throws IOException if what listens there does not answer
	 */
	boolean connect() throws IOException {
		if (this.primary == null && this.process.isAlive()) {
			try {
				this.primary = Primary.connect(this.sockets.socket(this.process.pid()), this.sockets.owner(),
						this.setup.patience());
			}
			catch (NoSuchFileException | SocketException ex) {
				// not yet
			}
		}
		return this.primary != null;
	}

	boolean isListening() {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(LOOPBACK, this.port), CONNECT_MILLIS);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Return the connection to the primary.
	 * @return the primary
	 * @throws IOException if there is none
	 */
	Primary primary() throws IOException {
		if (this.primary == null) {
			throw new IOException("there is no connection to the primary");
		}
		return this.primary;
	}

	/**
	 * Return how much has been printed.
	 * @return a place in the output, for {@link #output}
	 */
	long mark() {
		return this.setup.output().toFile().length();
	}

	List<String> output(long from) throws IOException {
		try (RandomAccessFile file = new RandomAccessFile(this.setup.output().toFile(), "r")) {
			file.seek(from);
			byte[] bytes = new byte[(int) Math.max(0, file.length() - from)];
			file.readFully(bytes);
			return new String(bytes, StandardCharsets.UTF_8).lines().toList();
		}
	}

	static void signal(long pid, String name) throws IOException {
		// The shell's own, which is everywhere
		Process process = new ProcessBuilder("sh", "-c", "kill -$0 $1", name, String.valueOf(pid))
			.redirectErrorStream(true)
			.start();
		process.getInputStream().readAllBytes();
	}

	/**
	 * Ask a worker what its threads do.
	 * @param pid its process id
	 * @return what they do, nothing if that cannot be learned
	 */
	ThreadDump dump(long pid) {
		Path jstack = this.setup.java().resolveSibling("jstack");
		try {
			Process process = new ProcessBuilder(jstack.toString(), String.valueOf(pid))
				.redirectError(ProcessBuilder.Redirect.DISCARD)
				.start();
			// A JVM that stands still does not answer
			process.onExit().orTimeout(END_SECONDS, TimeUnit.SECONDS).exceptionally((ex) -> process.destroyForcibly());
			try (InputStream input = process.getInputStream()) {
				return ThreadDump.parse(new String(input.readAllBytes(), StandardCharsets.UTF_8).lines());
			}
		}
		catch (IOException ex) {
			return new ThreadDump(List.of());
		}
	}

	@Override
	public void close() {
		if (this.primary != null) {
			this.primary.close();
		}
		end();
		try {
			Runtime.getRuntime().removeShutdownHook(this.hook);
		}
		catch (IllegalStateException ex) {
			// it runs
		}
	}

	private void end() {
		if (!this.ended.compareAndSet(false, true)) {
			return;
		}
		List<ProcessHandle> workers = this.process.descendants().toList();
		try {
			// Twice: at once, but the primary tidies up
			for (int i = 0; i < 2 && this.process.isAlive(); i++) {
				signal(this.process.pid(), "INT");
				this.process.waitFor((i == 0) ? 1 : END_SECONDS, TimeUnit.SECONDS);
			}
		}
		catch (IOException ex) {
			// by force, then
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.process.destroyForcibly();
		workers.forEach(ProcessHandle::destroyForcibly);
		workers.forEach((worker) -> worker.onExit().completeOnTimeout(worker, END_SECONDS, TimeUnit.SECONDS).join());
		delete();
	}

	private void delete() {
		try (Stream<Path> files = Files.walk(this.directory)) {
			files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
		}
		catch (IOException | UncheckedIOException ex) {
			// somebody else has done that
		}
	}

}
