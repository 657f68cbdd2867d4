package io.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A started application, cluster or not. Closing it stops it as an operator would and
 * asserts that nothing of it is left.
 */
class ClusterProcess implements AutoCloseable {

	/**
	 * How many kilobytes of a primary may be resident.
	 */
	static final long PRIMARY_LIMIT = 60L * 1024;

	private static final Duration START = Duration.ofSeconds(150);

	private static final Duration STOP = Duration.ofSeconds(45);

	private final Process process;

	private final Output output;

	private final ProcessGroup group;

	// When somebody ends the build in the middle of a test
	private final Thread shutdownHook;

	// What was asked here and not answered
	private final List<String> unanswered = new CopyOnWriteArrayList<>();

	private int port;

	ClusterProcess(Process process, int port, Output output, ProcessGroup group) {
		this.process = process;
		this.port = port;
		this.output = output;
		this.group = group;
		this.shutdownHook = new Thread(group::killAll, "kill-group");
		Runtime.getRuntime().addShutdownHook(this.shutdownHook);
	}

	long pid() {
		return this.process.pid();
	}

	int port() {
		return this.port;
	}

	/**
	 * Use another port from now on, where the application chose it.
	 * @param port the port
	 */
	void port(int port) {
		this.port = port;
	}

	Output output() {
		return this.output;
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	List<ProcessHandle> processes() {
		return this.group.alive();
	}

	long residentKilobytes() throws IOException {
		return Files.readAllLines(Path.of("/proc/" + pid() + "/status"))
			.stream()
			.filter((line) -> line.startsWith("VmRSS:"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")))
			.findFirst()
			.orElseThrow();
	}

	HttpReply get(String path) {
		try {
			return HttpReply.get(this.port, path);
		}
		catch (IOException ex) {
			this.unanswered.add("GET %s at %s: %s".formatted(path, Instant.now(), ex));
			throw new UncheckedIOException("GET %s failed, see %s".formatted(path, this.output.file()), ex);
		}
	}

	HttpReply post(String path, String json) {
		try {
			return HttpReply.post(this.port, path, json);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("POST %s failed, see %s".formatted(path, this.output.file()), ex);
		}
	}

	ClusterStatus status() {
		HttpReply reply = get("/actuator/cluster");
		assertThat(reply.status()).as(reply.body()).isEqualTo(200);
		return ClusterStatus.parse(reply.body());
	}

	/**
	 * Wait on a fact, and fail at once if the application died.
	 * @param what what is waited for
	 * @return the conditions to go on with
	 */
	ConditionFactory await(String what) {
		return Awaitility.await(what + ", see " + this.output.file())
			.atMost(START)
			.pollInterval(Duration.ofMillis(100))
			.ignoreExceptionsInstanceOf(UncheckedIOException.class)
			.failFast(() -> assertThat(this.process.isAlive())
				.as(() -> "alive, see %s:%n%s".formatted(this.output.file(), this.output.tail()))
				.isTrue());
	}

	void await(String what, Callable<Boolean> condition) {
		await(what).until(condition);
	}

	void awaitOutput(String regex) {
		await("output '" + regex + "'", () -> this.output.has(regex));
	}

	/**
	 * Wait until every slot has its ready worker and nothing else goes on.
	 * @return the status
	 */
	ClusterStatus awaitSettled() {
		return await("settled cluster").until(this::status, ClusterStatus::isSettled);
	}

	/**
	 * Wait until as many requests are being worked on. One of them may be the one that
	 * asks.
	 * @param count how many
	 */
	void awaitInFlight(int count) {
		await(count + " requests in flight").until(this::status, (status) -> status.requestsInFlight() >= count);
	}

	ClusterStatus.Reload reload(String json) {
		HttpReply reply = post("/actuator/cluster/reload", json);
		assertThat(reply.status()).as(reply.body()).isEqualTo(202);
		return ClusterStatus.parseReload(reply.body());
	}

	/**
	 * Wait until a reload has succeeded and the cluster has settled. None of the requests
	 * that are sent meanwhile to see that may fail.
	 * @param id the reload's id
	 * @return the status
	 */
	ClusterStatus awaitReload(int id) {
		int unanswered = this.unanswered.size();
		ClusterStatus status = awaitEndOfReload(id);
		assertThat(status.lastReload().status()).as(status.lastReload().reason()).isEqualTo("succeeded");
		assertThat(this.unanswered.subList(unanswered, this.unanswered.size()))
			.as("requests without an answer in reload %d, see %s", id, this.output.file())
			.isEmpty();
		return status;
	}

	/**
	 * Wait until a reload has ended in whatever way and what it leaves has settled.
	 * @param id the reload's id
	 * @return the status
	 */
	ClusterStatus awaitEndOfReload(int id) {
		return await("end of reload " + id).until(this::status, (status) -> status.isSettled()
				&& status.lastReload() != null && status.lastReload().id() >= id && !status.lastReload().isRunning());
	}

	/**
	 * Return the ends of workers that nobody wanted, as the endpoint lists them.
	 * @return the incidents
	 */
	List<Incident> incidents() {
		HttpReply reply = get("/actuator/cluster/incidents");
		assertThat(reply.status()).as(reply.body()).isEqualTo(200);
		return Incident.parseAll(reply.body());
	}

	/**
	 * Wait until the end of a worker is on record and its process gone.
	 * @param worker the worker's id
	 * @return all about it
	 */
	Incident awaitIncident(int worker) {
		int id = await("incident of worker " + worker)
			.until(() -> incidents().stream()
				.filter((incident) -> incident.worker() == worker && incident.exited() != null)
				.toList(), (found) -> !found.isEmpty())
			.get(0)
			.id();
		HttpReply reply = get("/actuator/cluster/incidents/" + id);
		assertThat(reply.status()).as(reply.body()).isEqualTo(200);
		return Incident.parse(reply.body());
	}

	/**
	 * Open connections until enough of them have reached one worker.
	 * @param worker the worker's process id
	 * @param count how many are needed
	 * @return connections that are kept alive, to be closed by the caller
	 * @throws IOException if one breaks
	 */
	List<HttpConnection> connect(long worker, int count) throws IOException {
		List<HttpConnection> found = new ArrayList<>();
		for (int i = 0; found.size() < count; i++) {
			assertThat(i).as("connections of which %d reached pid %d", found.size(), worker).isLessThan(50 * count);
			HttpConnection connection = new HttpConnection(this.port);
			if (connection.exchange("GET", "/", "").pid() == worker) {
				found.add(connection);
			}
			else {
				connection.close();
			}
		}
		return found;
	}

	/**
	 * Send a request to one worker.
	 * @param worker the worker's process id
	 * @param method the method
	 * @param path the path
	 * @return the response
	 * @throws IOException if the worker does not answer
	 */
	HttpReply exchange(long worker, String method, String path) throws IOException {
		try (HttpConnection connection = connect(worker, 1).get(0)) {
			HttpReply reply = connection.exchange(method, path, "", "Connection: close");
			assertThat(reply.status()).as(reply.body()).isEqualTo(200);
			assertThat(reply.pid()).isEqualTo(worker);
			return reply;
		}
	}

	void signal(String name) {
		signal(pid(), name);
	}

	static void signal(long pid, String name) {
		// The shell's own, which is everywhere
		Tool.run("sh", "-c", "kill -$0 $1", name, Long.toString(pid));
		if (name.equals("STOP")) {
			// One thread gets the signal and stops the others, once it has a processor
			Awaitility.await("stop of " + pid)
				.ignoreExceptionsInstanceOf(IOException.class)
				.until(() -> isStopped(pid));
		}
	}

	private static boolean isStopped(long pid) throws IOException {
		try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
			for (Path thread : threads.toList()) {
				String stat = Files.readString(thread.resolve("stat"));
				if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
					return false;
				}
			}
			return true;
		}
	}

	/**
	 * Wait until the process has ended.
	 * @param timeout how long
	 * @return its exit code
	 */
	int awaitExit(Duration timeout) {
		try {
			assertThat(this.process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS))
				.as("exit within %s, see %s", timeout, this.output.file())
				.isTrue();
			return this.process.exitValue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Assert that no process of the launch is left and that its port is free.
	 */
	void assertNothingLeft() {
		Awaitility.await("no process left, see " + this.output.file())
			.atMost(Duration.ofSeconds(2))
			.pollInterval(Duration.ofMillis(50))
			.untilAsserted(() -> assertThat(processes()).isEmpty());
		try (ServerSocket socket = new ServerSocket(this.port)) {
			assertThat(socket.isBound()).isTrue();
		}
		catch (IOException ex) {
			throw new AssertionError("Port %d is not free, see %s".formatted(this.port, this.output.file()), ex);
		}
	}

	@Override
	public void close() {
		try {
			if (this.process.isAlive()) {
				signal("TERM");
				awaitExit(STOP);
			}
			assertNothingLeft();
		}
		finally {
			kill();
		}
	}

	void kill() {
		this.process.destroyForcibly();
		this.group.killAll();
		Runtime.getRuntime().removeShutdownHook(this.shutdownHook);
	}

}
