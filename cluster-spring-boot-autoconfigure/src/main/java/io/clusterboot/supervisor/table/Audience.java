package io.clusterboot.supervisor.table;

import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.event.ClusterEvent;
import io.clusterboot.event.WorkerDisconnected;
import io.clusterboot.event.WorkerForked;
import io.clusterboot.event.WorkerListening;
import io.clusterboot.event.WorkerOnline;
import io.clusterboot.event.WorkerReady;

/**
 * The workers that want to know what happens.
 */
public final class Audience {

	private final Workers workers;

	private final Tallies tallies = new Tallies();

	private int port;

	Audience(Workers workers) {
		this.workers = workers;
	}

	public Tallies tallies() {
		return this.tallies;
	}

	/**
	 * Tell all who want to know.
	 * @param event what has happened
	 */
	public void tell(ClusterEvent event) {
		this.tallies.happened(event);
		for (Worker worker : this.workers.all()) {
			if (worker.listens()) {
				tell(worker, event);
			}
		}
	}

	private void tell(Worker worker, ClusterEvent event) {
		this.workers.act(new PrimaryAction.Send(worker.id(), new Message.Happened(event)));
	}

	void listening(Worker worker, int port) {
		this.port = port;
		tell(new WorkerListening(worker.snapshot(), port));
	}

	/**
	 * A worker wants to know from now on. It is told of all that are alive as if they had
	 * just come so far.
	 * @param listener the worker
	 */
	public void join(Worker listener) {
		if (listener.listens()) {
			return;
		}
		listener.listen();
		this.workers.all().stream().filter(Worker::isForked).forEach((worker) -> catchUp(listener, worker));
	}

	private void catchUp(Worker listener, Worker worker) {
		WorkerSnapshot snapshot = worker.snapshot();
		WorkerState state = worker.state();
		boolean ready = worker.ready() != null;
		tell(listener, new WorkerForked(snapshot));
		if (ready || (state != WorkerState.FORKED && !worker.isEnding())) {
			tell(listener, new WorkerOnline(snapshot));
		}
		if (ready || state == WorkerState.LISTENING || state == WorkerState.OPEN || state == WorkerState.WARM) {
			tell(listener, new WorkerListening(snapshot, this.port));
		}
		if (ready) {
			tell(listener, new WorkerReady(snapshot));
		}
		if (worker.isEnding()) {
			tell(listener, new WorkerDisconnected(snapshot));
		}
	}

}
