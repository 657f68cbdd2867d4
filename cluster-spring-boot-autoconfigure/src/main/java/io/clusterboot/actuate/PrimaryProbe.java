package io.clusterboot.actuate;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.clusterboot.ClusterOperations;
import io.clusterboot.ClusterSnapshot;
import io.clusterboot.PrimaryUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the primary for the cluster on behalf of callers who cannot wait long: they wait a
 * moment if it answered last time, and not at all if it did not. All who ask at the same
 * time share one question.
 */
final class PrimaryProbe {

	private final ClusterOperations operations;

	private final Duration patience;

	private @Nullable FutureTask<ClusterSnapshot> question;

	private boolean silent;

	PrimaryProbe(ClusterOperations operations, Duration patience) {
		this.operations = operations;
		this.patience = patience;
	}

	/**
	 * Return the cluster.
	 * @return the cluster as it is now
	 * @throws PrimaryUnavailableException if the primary does not answer at once
	 */
	ClusterSnapshot snapshot() {
		FutureTask<ClusterSnapshot> question;
		Duration patience;
		synchronized (this) {
			question = question();
			patience = (this.silent) ? Duration.ZERO : this.patience;
		}
		try {
			return question.get(patience.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			setSilent(question);
			throw new PrimaryUnavailableException("The primary does not answer", ex);
		}
		catch (ExecutionException ex) {
			throw new PrimaryUnavailableException(String.valueOf(ex.getCause().getMessage()), ex.getCause());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new PrimaryUnavailableException("Interrupted while waiting for the primary", ex);
		}
	}

	private FutureTask<ClusterSnapshot> question() {
		FutureTask<ClusterSnapshot> last = this.question;
		if (last != null && !last.isDone()) {
			return last;
		}
		this.silent = last != null && hasFailed(last);
		FutureTask<ClusterSnapshot> next = new FutureTask<>(this.operations::snapshot);
		Thread thread = new Thread(next, "cluster-health");
		thread.setDaemon(true);
		thread.start();
		this.question = next;
		return next;
	}

	private synchronized void setSilent(FutureTask<ClusterSnapshot> question) {
		if (question == this.question) {
			this.silent = true;
		}
	}

	private static boolean hasFailed(FutureTask<ClusterSnapshot> question) {
		try {
			question.get();
			return false;
		}
		catch (ExecutionException ex) {
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return true;
		}
	}

}
