package io.clusterboot.worker;

import java.util.function.Consumer;

import io.clusterboot.RequestTimes;
import io.clusterboot.ResponseCounts;
import io.clusterboot.gate.GatedServer;

/**
 * A server whose numbers a test sets.
 */
public class StubServer implements GatedServer {

	public volatile ResponseCounts responses = ResponseCounts.NONE;

	public volatile RequestTimes requestTimes = RequestTimes.NONE;

	public volatile boolean poolFull;

	public volatile long finishedTasks;

	public volatile long lastTransfer;

	volatile boolean keepAlive = true;

	volatile boolean idleClosed;

	@Override
	public void sideDoor(int port) {
	}

	@Override
	public void learn(Consumer<String> learn) {
	}

	@Override
	public boolean isSecure() {
		return false;
	}

	@Override
	public int connections() {
		return 7;
	}

	@Override
	public ResponseCounts responses() {
		return this.responses;
	}

	@Override
	public int requestsInFlight() {
		return 3;
	}

	@Override
	public RequestTimes requestTimes() {
		return this.requestTimes;
	}

	@Override
	public boolean isPoolFull() {
		return this.poolFull;
	}

	@Override
	public long finishedTasks() {
		return this.finishedTasks;
	}

	@Override
	public long lastTransfer() {
		return this.lastTransfer;
	}

	@Override
	public void endKeepAlive() {
		this.keepAlive = false;
	}

	@Override
	public void resumeKeepAlive() {
		this.keepAlive = true;
	}

	@Override
	public void closeIdleConnections() {
		this.idleClosed = true;
	}

	@Override
	public int drainingConnections() {
		return 0;
	}

	@Override
	public int waitingConnections() {
		return 0;
	}

}
