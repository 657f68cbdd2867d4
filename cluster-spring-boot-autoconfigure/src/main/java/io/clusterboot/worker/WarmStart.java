package io.clusterboot.worker;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

import io.clusterboot.gate.AcceptGate;
import io.clusterboot.gate.GatedServer;
import io.clusterboot.gate.SideDoor;
import io.clusterboot.worker.warmup.LearnedRequests;
import io.clusterboot.worker.warmup.WarmUp;
import io.clusterboot.worker.warmup.WarmUpSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a worker does between the start of its web server and the moment from which it
 * says that it is ready: opens its side door, and warms up by it.
 */
final class WarmStart {

	private static final Log logger = LogFactory.getLog(WarmStart.class);

	private static final int NEWS_EVERY = 5;

	private final AcceptGate gate;

	private final WarmUp warmUp;

	private final @Nullable LearnedRequests learned;

	private final Consumer<String> failed;

	private volatile @Nullable GatedServer server;

	private volatile Predicate<SocketChannel> admits = (connection) -> false;

	private volatile int port;

	private volatile @Nullable SideDoor door;

	private List<String> told = List.of();

	private long seconds;

	private boolean begun;

	private volatile boolean over;

	/**
	 * Create what is to be done.
	 * @param gate the gate that the door leads past
	 * @param settings how to warm up
	 * @param failed is told why the start has failed
	 */
	WarmStart(AcceptGate gate, WarmUpSettings settings, Consumer<String> failed) {
		this.gate = gate;
		this.warmUp = new WarmUp(settings);
		this.learned = settings.learned();
		this.failed = failed;
	}

	/**
	 * Say what the door is to lead to.
	 * @param server the server behind the gate
	 * @param admits says who may come in
	 */
	void serve(GatedServer server, Predicate<SocketChannel> admits) {
		this.server = server;
		this.admits = admits;
		if (this.learned != null) {
			server.learn(this.learned::add);
		}
	}

	/**
	 * Say what users of other workers asked for.
	 * @param paths the paths
	 */
	void learned(List<String> paths) {
		this.warmUp.learned(paths);
	}

	/**
	 * Return what users ask for most. Called once a second, by one thread.
	 * @return the paths, or nothing if that is no news or there was some lately
	 */
	List<String> news() {
		if (++this.seconds % NEWS_EVERY != 0) {
			return List.of();
		}
		List<String> top = (this.learned != null) ? this.learned.top() : List.of();
		if (top.equals(this.told)) {
			return List.of();
		}
		this.told = top;
		return top;
	}

	/**
	 * Open the side door.
	 * @param port the port that the server's other connections come to
	 * @return the door's own port, or 0 if there is no door
	 */
	int listening(int port) {
		GatedServer server = this.server;
		if (server == null) {
			return 0;
		}
		try {
			SideDoor door = SideDoor.open(port);
			server.sideDoor(door.address().getPort());
			door.start(this.gate, this.admits);
			this.port = port;
			this.door = door;
			return door.address().getPort();
		}
		catch (IOException | OutOfMemoryError ex) {
			logger.warn("This worker has no side door: " + ex.getMessage());
			return 0;
		}
	}

	/**
	 * Return whether nothing has to be done any more.
	 * @return whether the worker is warm, or does not have to be
	 */
	boolean isOver() {
		return this.over || !this.warmUp.isWanted();
	}

	/**
	 * Return how far it is.
	 * @return a number that grows
	 */
	int progress() {
		return this.warmUp.answered();
	}

	/**
	 * Warm up, unless that has been begun. Returns at once.
	 * @param warm what to do when that {@linkplain #isOver is over}
	 */
	synchronized void begin(Runnable warm) {
		if (!this.begun) {
			this.begun = true;
			WorkerThreads.start("cluster-warm-up", () -> run(warm));
		}
	}

	private void run(Runnable warm) {
		GatedServer server = this.server;
		SideDoor door = this.door;
		String failure = (server != null && door != null)
				? this.warmUp.run(door.address(), server.isSecure(), this.port) : null;
		if (failure != null) {
			this.failed.accept(failure);
			return;
		}
		this.over = true;
		warm.run();
	}

	/**
	 * Warm up no longer.
	 */
	void stop() {
		this.warmUp.stop();
	}

}
