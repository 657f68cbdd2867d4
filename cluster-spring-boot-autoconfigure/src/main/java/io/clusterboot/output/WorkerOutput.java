package io.clusterboot.output;

import java.io.File;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.clusterboot.posix.Pipe;
import org.jspecify.annotations.Nullable;

/**
 * What one worker prints, from the start of its process on: passed on to the primary's
 * own streams, and the end of it kept.
 */
public final class WorkerOutput {

	private static final long PATIENCE_MILLIS = 500;

	// Workers can go on for a while when the primary does not
	private static final int ROOM = 1024 * 1024;

	private final OutputPumps pumps;

	private final int worker;

	private volatile int slot;

	private final LastLines lines = new LastLines();

	private final Map<OutputPump, WorkerStream> streams = new LinkedHashMap<>();

	/**
	 * Create the output of a worker.
	 * @param pumps where it goes
	 * @param slot the worker's slot
	 * @param worker the worker's id
	 */
	public WorkerOutput(OutputPumps pumps, int slot, int worker) {
		this.pumps = pumps;
		this.slot = slot;
		this.worker = worker;
	}

	/**
	 * Say that a spare has got a slot.
	 * @param slot the slot
	 */
	public void assign(int slot) {
		this.slot = slot;
	}

	/**
	 * Start the worker's process.
	 * @param builder everything else about it
	 * @param roomy whether its pipes get as much room as an ordinary user can have
	 * @return the process
	 * @throws IOException if it cannot be started
	 */
	public Process start(ProcessBuilder builder, boolean roomy) throws IOException {
		try {
			builder.redirectOutput(open(this.pumps.out(), roomy));
			OutputPump err = this.pumps.err();
			if (err != null) {
				builder.redirectError(open(err, roomy));
			}
			builder.redirectErrorStream(err == null);
			Process process = builder.start();
			this.streams.forEach((pump, stream) -> {
				stream.pipe().closeWriter();
				pump.add(stream);
			});
			return process;
		}
		catch (IOException | OutOfMemoryError ex) {
			this.streams.values().forEach((stream) -> stream.pipe().close());
			throw ex;
		}
	}

	/**
	 * Keep the thread dump that the worker is about to print.
	 */
	public void awaitThreadDump() {
		this.lines.awaitThreadDump();
	}

	public @Nullable String threadDump() {
		return this.lines.threadDump();
	}

	private File open(OutputPump pump, boolean roomy) throws IOException {
		Pipe pipe = Pipe.open();
		this.streams.put(pump, new WorkerStream(pipe, pump.target(), this::keep));
		if (roomy) {
			pipe.enlarge(ROOM);
		}
		return pipe.writer();
	}

	private void keep(byte[] line) {
		this.lines.add(line);
		this.pumps.history().add(this.slot, this.worker, line);
	}

	/**
	 * Say that the worker's process is gone. A process that it has started may go on
	 * writing, which is passed on too.
	 * @return the worker's last lines, as soon as they are known and soon in any case
	 */
	public List<String> end() {
		CompletableFuture<?>[] drained = this.streams.values()
			.stream()
			.map(WorkerStream::end)
			.toArray(CompletableFuture[]::new);
		this.streams.keySet().forEach(OutputPump::wakeUp);
		try {
			CompletableFuture.allOf(drained).get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException | ExecutionException | InterruptedException ex) {
			// What has come until now must do
		}
		return this.lines.last(LastLines.LIMIT);
	}

}
