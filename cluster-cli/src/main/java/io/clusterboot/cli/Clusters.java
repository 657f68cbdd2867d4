package io.clusterboot.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import io.clusterboot.channel.Control;
import io.clusterboot.channel.Requester;
import io.clusterboot.control.ControlConnection;
import io.clusterboot.control.ControlDirectory;
import io.clusterboot.control.ControlTimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Which cluster the command is about.
 */
final class Clusters {

	/**
	 * How long the primary has for each answer.
	 */
	static final Duration PATIENCE = Duration.ofSeconds(4);

	// Of one user, so that nobody makes the command start threads without end
	private static final int MOST_CLUSTERS = 50;

	@Option(names = { "-c", "--cluster" }, paramLabel = "NAME|PID|PORT",
			description = "Which cluster, if several run: its name, the process id of its primary, or its port.")
	private @Nullable String wanted;

	@Option(names = "--directory", paramLabel = "DIR",
			description = "Where its control socket is, if cluster.control.directory is set.")
	private @Nullable Path directory;

	/**
	 * Say who asks.
	 * @return who
	 */
	static Requester requester() {
		return new Requester("cli", "pid " + ProcessHandle.current().pid());
	}

	/**
	 * Connect to the cluster.
	 * @return the connection
	 * @throws IOException if it cannot be reached
	 * @throws CommandFailure if there is none, or no saying which
	 */
	ControlConnection connect() throws IOException {
		List<Found> found = search();
		List<Found> matching = called(found);
		// What others make in their directories is no reason to ask which is meant
		List<Found> meant = matching.stream().filter((cluster) -> cluster.own() || cluster.open() != null).toList();
		matching.stream().filter((cluster) -> meant.size() != 1 || cluster != meant.get(0)).forEach(Found::close);
		if (meant.size() > 1) {
			throw new CommandFailure(ExitCode.USAGE, "several clusters run, say which with --cluster: " + list(meant));
		}
		if (meant.isEmpty()) {
			throw missing(found);
		}
		return meant.get(0).connection();
	}

	// One that does not answer does not say its name and port either
	private CommandFailure missing(List<Found> found) {
		return found.stream()
			.filter((cluster) -> cluster.own() && cluster.problem() instanceof ControlTimeoutException)
			.findFirst()
			.map((cluster) -> new CommandFailure(ExitCode.TIMEOUT,
					"%s, unless it is the one with primary %d: %s".formatted(nothing(), cluster.pid(),
							cluster.problem().getMessage())))
			.orElseGet(() -> new CommandFailure(ExitCode.NOTHING, nothing()));
	}

	/**
	 * Say that there is no such cluster.
	 * @return what to tell
	 */
	String nothing() {
		return (this.wanted != null) ? "no cluster is called '%s' that this user can reach".formatted(this.wanted)
				: "no cluster runs that this user can reach";
	}

	private static String list(List<Found> found) {
		return found.stream().map(Found::toString).collect(Collectors.joining(", "));
	}

	/**
	 * Connect to all clusters that are meant and can be reached, at the same time.
	 * @return the clusters, also those that do not answer
	 * @throws IOException if a directory cannot be read
	 */
	List<Found> all() throws IOException {
		return called(search());
	}

	private List<Found> called(List<Found> found) {
		return found.stream().filter((cluster) -> this.wanted == null || cluster.isCalled(this.wanted)).toList();
	}

	private List<Found> search() throws IOException {
		Path given = this.directory;
		List<ControlDirectory> directories = (given != null) ? List.of(new ControlDirectory(given))
				: ControlDirectory.reachable(System.getenv());
		List<CompletableFuture<@Nullable Found>> searches = new ArrayList<>();
		for (ControlDirectory candidate : directories) {
			primaries(candidate, given != null).stream()
				.limit(MOST_CLUSTERS)
				.forEach((pid) -> searches
					.add(CompletableFuture.supplyAsync(() -> find(candidate, pid), Clusters::run)));
		}
		return searches.stream().map(CompletableFuture::join).filter(Objects::nonNull).toList();
	}

	// As many at a time as there are clusters: one that does not answer holds no other up
	private static void run(Runnable task) {
		Thread thread = new Thread(task, "connect");
		thread.setDaemon(true);
		thread.start();
	}

	private static List<Long> primaries(ControlDirectory directory, boolean required) throws IOException {
		try {
			return directory.primaries();
		}
		catch (AccessDeniedException ex) {
			if (required) {
				throw new IOException("%s is not of this user".formatted(directory.path()), ex);
			}
			return List.of();
		}
	}

	private static @Nullable Found find(ControlDirectory directory, long pid) {
		boolean own = false;
		try {
			UserPrincipal owner = directory.owner();
			own = owner.equals(Files.getOwner(Path.of("/proc/self")));
			return new Found(pid, own, ControlConnection.open(directory.socket(pid), owner, PATIENCE), null);
		}
		catch (ConnectException | NoSuchFileException ex) {
			// its primary was killed
			return null;
		}
		catch (SocketException ex) {
			// As of Java 17 that is how it says both
			return (ProcessHandle.of(pid).isPresent()) ? new Found(pid, own, null, new IOException(ex.getMessage(), ex))
					: null;
		}
		catch (IOException ex) {
			return new Found(pid, own, null, ex);
		}
	}

	/**
	 * A cluster.
	 *
	 * @param pid the process id of its primary
	 * @param own whether it is this user's
	 * @param open the connection, or {@code null} if there is none
	 * @param problem why there is none
	 */
	record Found(long pid, boolean own, @Nullable ControlConnection open, @Nullable IOException problem) {

		boolean isCalled(String name) {
			if (name.equals(String.valueOf(this.pid))) {
				return true;
			}
			Control.Introduction introduction = (this.open != null) ? this.open.introduction() : null;
			return introduction != null
					&& (name.equals(introduction.name()) || name.equals(String.valueOf(introduction.port())));
		}

		ControlConnection connection() throws IOException {
			if (this.open != null) {
				return this.open;
			}
			String message = "the cluster with primary %d: %s".formatted(this.pid,
					(this.problem != null) ? this.problem.getMessage() : "");
			if (this.problem instanceof ControlTimeoutException) {
				throw new CommandFailure(ExitCode.TIMEOUT, message);
			}
			throw new IOException(message, this.problem);
		}

		void close() {
			if (this.open != null) {
				this.open.close();
			}
		}

		@Override
		public String toString() {
			Control.Introduction introduction = (this.open != null) ? this.open.introduction() : null;
			return (introduction != null) ? "%s (pid %d, port %d)".formatted(
					(introduction.name().isEmpty()) ? "without a name" : introduction.name(), this.pid,
					introduction.port()) : "pid %d (does not answer)".formatted(this.pid);
		}

	}

}
