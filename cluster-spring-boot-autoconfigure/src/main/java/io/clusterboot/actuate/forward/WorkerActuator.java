package io.clusterboot.actuate.forward;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

import io.clusterboot.Cluster;
import io.clusterboot.ClusterSnapshot;
import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.actuate.access.CallerCheck;
import io.clusterboot.actuate.access.ServletCaller;
import io.clusterboot.actuate.access.SideDoorCheck;
import io.clusterboot.contract.PeerAttribute;
import io.clusterboot.gate.SideDoorAnswer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.web.HttpRequestHandler;

/**
 * Passes requests on to the actuator of one worker, by its side door, for those who may
 * write to the cluster: also if they only read, because dumps and properties are not for
 * everybody. The worker's own rules apply as well, by the credentials of the caller.
 */
public final class WorkerActuator implements HttpRequestHandler {

	private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

	private static final Set<WorkerState> SERVING = Set.of(WorkerState.READY, WorkerState.OPEN);

	// So that workers that do not answer keep no more threads busy
	private static final int MOST = 16;

	private static final int BUFFER = 16 * 1024;

	private static final int LONGEST_INDEX = 256 * 1024;

	private static final JsonMapper MAPPER = new JsonMapper();

	private final Semaphore room = new Semaphore(MOST);

	private final SideDoorCheck sideDoors = new SideDoorCheck();

	private final Cluster cluster;

	private final CallerCheck callerCheck;

	private final BooleanSupplier writable;

	private final BooleanSupplier secure;

	private final ActuatorPaths paths;

	/**
	 * Create a handler.
	 * @param cluster says where workers are
	 * @param callerCheck says who may
	 * @param writable whether anybody at all can write
	 * @param secure whether workers speak TLS
	 * @param paths where endpoints are
	 */
	public WorkerActuator(Cluster cluster, CallerCheck callerCheck, BooleanSupplier writable, BooleanSupplier secure,
			ActuatorPaths paths) {
		this.cluster = cluster;
		this.callerCheck = callerCheck;
		this.writable = writable;
		this.secure = secure;
		this.paths = paths;
	}

	@Override
	public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws IOException {
		boolean entered = false;
		// Or a worker that hangs would count against those that say so
		request.setAttribute(PeerAttribute.PASSED_ON, true);
		try {
			requireAllowed(request);
			ActuatorPaths.Target target = this.paths.find(request);
			entered = this.room.tryAcquire();
			if (!entered) {
				throw new ForwardException(ForwardException.UNAVAILABLE,
						"This worker passes on %d requests already. Send it again.".formatted(MOST));
			}
			forward(request, response, target);
		}
		catch (ForwardException ex) {
			refuse(response, ex);
		}
		catch (PrimaryUnavailableException ex) {
			refuse(response, new ForwardException(ForwardException.UNAVAILABLE, String.valueOf(ex.getMessage())));
		}
		finally {
			if (entered) {
				this.room.release();
			}
		}
	}

	private void requireAllowed(HttpServletRequest request) throws ForwardException {
		String refusal = (ServletCaller.isBySideDoor()) ? "A worker that is asked alone passes nothing on to another."
				: this.callerCheck.refusal();
		if (refusal == null && !READING.contains(request.getMethod()) && !this.writable.getAsBoolean()) {
			refusal = "Nobody may write: see 'management.endpoint.cluster.access'.";
		}
		if (refusal != null) {
			throw new ForwardException(ForwardException.FORBIDDEN, refusal);
		}
	}

	private void forward(HttpServletRequest request, HttpServletResponse response, ActuatorPaths.Target target)
			throws IOException {
		WorkerSnapshot worker = find(target.slot());
		String name = "worker %d of slot %d".formatted(worker.id(), worker.slot());
		if (worker.sideDoor() == 0) {
			throw new ForwardException(ForwardException.UNAVAILABLE,
					"The %s has no side door, or has not started its web server yet.".formatted(name));
		}
		String host = request.getHeader("Host");
		try (WorkerExchange exchange = WorkerExchange.open(worker.sideDoor(), name, this.secure, this.sideDoors)) {
			SideDoorAnswer answer = exchange.exchange(request.getMethod(), target.path(),
					(host != null) ? host : "localhost", ForwardedHeaders.there(request), request.getInputStream(),
					length(request));
			byte[] index = (target.isIndex() && isJson(answer)) ? index(answer, target, name) : null;
			response.setStatus(answer.status());
			copyHeaders(answer, response, (index != null) ? index.length : -1);
			if (index != null) {
				response.getOutputStream().write(index);
			}
			else {
				copy(answer.body(), response, name);
			}
		}
	}

	// A slot may have two while one of them comes or goes
	private WorkerSnapshot find(int slot) throws ForwardException {
		ClusterSnapshot cluster = this.cluster.snapshot();
		List<WorkerSnapshot> workers = cluster.workers().stream().filter((worker) -> worker.slot() == slot).toList();
		return workers.stream()
			.filter((worker) -> SERVING.contains(worker.state()))
			.findFirst()
			.or(() -> workers.stream().reduce((older, newer) -> newer))
			.orElseThrow(() -> (slot < cluster.target())
					? new ForwardException(ForwardException.UNAVAILABLE, "Slot %d has no worker now.".formatted(slot))
					: new ForwardException(ForwardException.NOT_FOUND,
							"There is no slot %d: they are 0 to %d.".formatted(slot, cluster.target() - 1)));
	}

	private static long length(HttpServletRequest request) {
		long length = request.getContentLengthLong();
		boolean unknown = length < 0 && (request.getHeader("Transfer-Encoding") != null
				|| (request.getProtocol().equals("HTTP/2.0") && !READING.contains(request.getMethod())));
		return (unknown) ? -1 : Math.max(0, length);
	}

	private static boolean isJson(SideDoorAnswer answer) {
		return answer.status() == HttpServletResponse.SC_OK && answer.headers()
			.stream()
			.anyMatch((header) -> header.getKey().equalsIgnoreCase("Content-Type")
					&& header.getValue().toLowerCase(Locale.ROOT).contains("json"));
	}

	private byte @Nullable [] index(SideDoorAnswer answer, ActuatorPaths.Target target, String worker)
			throws IOException {
		byte[] body = new byte[LONGEST_INDEX];
		int length = 0;
		for (int count = 0; count >= 0; count = read(answer.body(), body, length, worker)) {
			length += count;
			if (length == LONGEST_INDEX) {
				throw new ForwardException(ForwardException.BAD_GATEWAY,
						"The index of the %s is too long.".formatted(worker));
			}
		}
		return (length > 0) ? IndexLinks.rewrite(Arrays.copyOf(body, length), target.url(), this.paths.clusterPath(),
				target.cluster()) : null;
	}

	private static void copyHeaders(SideDoorAnswer answer, HttpServletResponse response, int length)
			throws IOException {
		Set<String> names = new HashSet<>();
		for (Map.Entry<String, String> header : ForwardedHeaders.back(answer.headers())) {
			if (names.add(header.getKey().toLowerCase(Locale.ROOT))) {
				response.setHeader(header.getKey(), header.getValue());
			}
			else {
				response.addHeader(header.getKey(), header.getValue());
			}
		}
		if (length >= 0) {
			response.setContentLength(length);
			return;
		}
		for (Map.Entry<String, String> header : answer.headers()) {
			if (header.getKey().equalsIgnoreCase("Content-Length")) {
				response.setHeader(header.getKey(), header.getValue());
			}
		}
	}

	private static void copy(InputStream body, HttpServletResponse response, String worker) throws IOException {
		OutputStream out = response.getOutputStream();
		byte[] buffer = new byte[BUFFER];
		for (int count = read(body, buffer, 0, worker); count >= 0; count = read(body, buffer, 0, worker)) {
			out.write(buffer, 0, count);
		}
	}

	private static int read(InputStream body, byte[] buffer, int offset, String worker) throws ForwardException {
		try {
			return body.read(buffer, offset, buffer.length - offset);
		}
		catch (IOException ex) {
			throw new ForwardException(ForwardException.BAD_GATEWAY,
					"The answer of the %s breaks off: %s.".formatted(worker, ex.getMessage()));
		}
	}

	// Once some of an answer is on its way, only the end of the connection says that the
	// rest is missing: that is what becomes of the exception
	private static void refuse(HttpServletResponse response, ForwardException refusal) throws IOException {
		if (response.isCommitted()) {
			throw refusal;
		}
		response.reset();
		response.setStatus(refusal.status());
		response.setContentType("application/json");
		response.setCharacterEncoding(StandardCharsets.UTF_8.name());
		response.getOutputStream()
			.write(MAPPER.writeValueAsBytes(Map.of("reason", String.valueOf(refusal.getMessage()))));
	}

}
