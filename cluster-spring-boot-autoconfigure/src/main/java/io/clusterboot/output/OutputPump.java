package io.clusterboot.output;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import io.clusterboot.posix.Pipe;
import io.clusterboot.posix.PipePoll;
import io.clusterboot.posix.PosixException;

/**
 * The one thread that passes on what all workers write to one stream. A worker that
 * prints a lot takes turns with the others.
 */
public final class OutputPump {

	private static final int CHUNK = 64 * 1024;

	private final OutputTarget target;

	private final Pipe wakeUp;

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);

	private final Queue<WorkerStream> added = new ConcurrentLinkedQueue<>();

	private final List<WorkerStream> streams = new ArrayList<>();

	private PipePoll poll;

	private OutputPump(OutputTarget target) throws PosixException {
		this.target = target;
		this.wakeUp = Pipe.open();
		this.poll = poll();
	}

	/**
	 * Start a pump that runs until the process ends.
	 * @param name the thread's name
	 * @param target where everything goes
	 * @return the pump
	 * @throws PosixException if descriptors ran out
	 */
	public static OutputPump start(String name, OutputTarget target) throws PosixException {
		OutputPump pump = new OutputPump(target);
		Thread thread = new Thread(pump::run, name);
		thread.setDaemon(true);
		thread.start();
		return pump;
	}

	OutputTarget target() {
		return this.target;
	}

	void add(WorkerStream stream) {
		this.added.add(stream);
		wakeUp();
	}

	/**
	 * Take note of what has changed about a stream.
	 */
	void wakeUp() {
		try {
			this.wakeUp.signal();
		}
		catch (PosixException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void run() {
		try {
			while (true) {
				turn();
			}
		}
		catch (PosixException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			// A worker must rather lose its output than wait for it forever
			this.streams.forEach((stream) -> stream.pipe().close());
		}
	}

	private void turn() throws PosixException {
		List<WorkerStream> ending = this.streams.stream().filter(WorkerStream::isEnding).toList();
		this.poll.await(ending.isEmpty() ? patience() : 0);
		long now = System.nanoTime();
		List<WorkerStream> ended = new ArrayList<>();
		for (int i = 0; i < this.streams.size(); i++) {
			WorkerStream stream = this.streams.get(i);
			if (!this.poll.isReadable(i + 1)) {
				stream.idle(now, ending.contains(stream));
			}
			else if (!stream.pump(this.buffer, now)) {
				ended.add(stream);
			}
		}
		if (this.poll.isReadable(0)) {
			this.buffer.clear();
			this.wakeUp.read(this.buffer);
		}
		if (this.streams.removeAll(ended) | takeAdded()) {
			this.poll = poll();
		}
	}

	private int patience() {
		long now = System.nanoTime();
		long patience = this.streams.stream().mapToLong((stream) -> stream.patience(now)).min().orElse(Long.MAX_VALUE);
		return (patience != Long.MAX_VALUE) ? (int) TimeUnit.NANOSECONDS.toMillis(patience) + 1 : -1;
	}

	private boolean takeAdded() {
		boolean changed = false;
		for (WorkerStream stream = this.added.poll(); stream != null; stream = this.added.poll()) {
			this.streams.add(stream);
			changed = true;
		}
		return changed;
	}

	private PipePoll poll() {
		List<Pipe> pipes = new ArrayList<>();
		pipes.add(this.wakeUp);
		this.streams.forEach((stream) -> pipes.add(stream.pipe()));
		return new PipePoll(pipes);
	}

}
