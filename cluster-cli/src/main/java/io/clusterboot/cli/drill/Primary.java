package io.clusterboot.cli.drill;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ClusterState;
import io.clusterboot.IncidentSnapshot;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.control.ControlConnection;

/**
 * The primary, and what is asked of it.
 */
final class Primary implements AutoCloseable {

	private final ControlConnection connection;

	private Primary(ControlConnection connection) {
		this.connection = connection;
	}

	static Primary connect(Path socket, UserPrincipal owner, Duration patience) throws IOException {
		return new Primary(ControlConnection.open(socket, owner, patience));
	}

	<R extends Reply> R ask(LongFunction<? extends Request.OfOperator> question, Class<R> type) throws IOException {
		return this.connection.ask(question, type);
	}

	ClusterSnapshot snapshot() throws IOException {
		return ask(Request.Snapshot::new, Reply.Snapshot.class).snapshot();
	}

	boolean isSettled() throws IOException {
		return isSettled(snapshot());
	}

	/**
	 * Return whether every slot has its worker and nothing else goes on.
	 * @param snapshot the cluster
	 * @return whether it rests
	 */
	static boolean isSettled(ClusterSnapshot snapshot) {
		return snapshot.state() == ClusterState.RUNNING && ready(snapshot).size() == snapshot.target()
				&& snapshot.workers()
					.stream()
					.allMatch((worker) -> worker.state() == WorkerState.READY || isSpare(worker));
	}

	static List<WorkerSnapshot> ready(ClusterSnapshot snapshot) {
		return snapshot.workers().stream().filter((worker) -> worker.state() == WorkerState.READY).toList();
	}

	private static boolean isSpare(WorkerSnapshot worker) {
		return worker.slot() < 0;
	}

	List<Long> pids() throws IOException {
		return ready(snapshot()).stream().map(WorkerSnapshot::pid).toList();
	}

	int lastIncident() throws IOException {
		return ask(Request.Incidents::new, Reply.Incidents.class).incidents()
			.stream()
			.mapToInt(IncidentSnapshot::id)
			.max()
			.orElse(0);
	}

	/**
	 * Return ends of workers that nobody wanted.
	 * @param after the id of the last one that is known already
	 * @return all about them
	 * @throws IOException if the primary does not answer
	 */
	List<IncidentSnapshot> incidents(int after) throws IOException {
		List<IncidentSnapshot> found = new ArrayList<>();
		for (int id = after + 1; id <= lastIncident(); id++) {
			int wanted = id;
			IncidentSnapshot incident = ask((question) -> new Request.Incident(question, wanted), Reply.Incident.class)
				.incident();
			if (incident != null) {
				found.add(incident);
			}
		}
		return found;
	}

	@Override
	public void close() {
		this.connection.close();
	}

}
