package io.clusterboot.primary;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

import io.clusterboot.channel.Mail;
import io.clusterboot.channel.MailFrame;
import io.clusterboot.channel.MailFrames;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.supervisor.shared.SharedState;
import io.clusterboot.worker.AnsweredClusters;
import io.clusterboot.worker.RemoteCluster;

/**
 * Clusters of workers that are in one process with what is of their primary.
 */
public final class RelayedClusters {

	private final Relay relay = new Relay();

	private final SharedState shared = new SharedState();

	private final StoreAnswers store = new StoreAnswers(16 * 1024 * 1024, (warning) -> {
	});

	/**
	 * Have a worker join.
	 * @param worker its id
	 * @return its cluster
	 */
	public RemoteCluster join(int worker) {
		AtomicReference<RemoteCluster> cluster = new AtomicReference<>();
		cluster.set(AnsweredClusters.of(worker, (message) -> hears(worker, message, cluster.get())));
		ExecutorService channel = Executors.newSingleThreadExecutor((task) -> {
			Thread thread = new Thread(task, "channel-" + worker);
			thread.setDaemon(true);
			return thread;
		});
		this.relay.joined(worker, (frame, done) -> {
			Mail.Incoming mail = read(frame);
			channel.execute(() -> {
				AnsweredClusters.tell(cluster.get(), mail);
				done.run();
			});
		}, () -> {
		});
		return cluster.get();
	}

	private static Mail.Incoming read(MailFrame frame) {
		try {
			return MailFrames.read(frame);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void hears(int worker, Message message, RemoteCluster cluster) {
		if (message instanceof Mail.Outgoing mail) {
			this.relay.received(worker, mail);
		}
		else if (message instanceof Request.OfShared request) {
			synchronized (this.shared) {
				AnsweredClusters.tell(cluster,
						this.shared.to(worker, request, Instant.EPOCH.plusNanos(System.nanoTime())));
			}
		}
		else if (message instanceof Request.OfStore request) {
			this.store.asked(request, (reply) -> AnsweredClusters.tell(cluster, (Reply) reply));
		}
	}

	/**
	 * A worker is gone.
	 * @param worker its id
	 */
	public void left(int worker) {
		this.relay.left(worker);
		synchronized (this.shared) {
			this.shared.ended(worker);
		}
	}

}
