package io.clusterboot.worker.watch;

import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

import io.clusterboot.WorkerMetrics;
import io.clusterboot.channel.Message;
import io.clusterboot.gate.GatedServer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the primary that this worker lives and how it fares. That it lives is true and
 * told even when it cannot be learned how it fares.
 */
public final class Heartbeat implements Runnable {

	private final MetricsSource source;

	private final Supplier<@Nullable GatedServer> server;

	private final IntSupplier beans;

	private final Consumer<Message> send;

	private WorkerMetrics metrics = WorkerMetrics.NONE;

	private int made;

	public Heartbeat(MetricsSource source, Supplier<@Nullable GatedServer> server, IntSupplier beans,
			Consumer<Message> send) {
		this.source = source;
		this.server = server;
		this.beans = beans;
		this.send = send;
	}

	@Override
	public void run() {
		try {
			this.metrics = this.source.metrics(this.server.get());
			this.made = this.beans.getAsInt();
		}
		finally {
			this.send.accept(new Message.Heartbeat(this.metrics, this.made));
		}
	}

}
