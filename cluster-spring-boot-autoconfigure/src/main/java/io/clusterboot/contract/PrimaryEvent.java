package io.clusterboot.contract;

import java.util.List;

import io.clusterboot.DropCounts;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Request;
import io.clusterboot.supervisor.Supervisor;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link Supervisor} hears.
 */
public sealed interface PrimaryEvent {

	/**
	 * The primary is up.
	 */
	record Started() implements PrimaryEvent {

	}

	/**
	 * Time went by.
	 */
	record Tick() implements PrimaryEvent {

	}

	/**
	 * The code of a generation is ready to be run.
	 */
	record CodeCopied(int generation) implements PrimaryEvent {

	}

	/**
	 * The code of a generation cannot be had.
	 */
	record CopyFailed(int generation, String reason) implements PrimaryEvent {

	}

	/**
	 * The starts of a generation are as fast as training can make them. Not said of a
	 * training that was stopped.
	 */
	record Trained(int generation) implements PrimaryEvent {

	}

	/**
	 * A worker's process was started.
	 */
	record WorkerForked(int worker, long pid) implements PrimaryEvent {

	}

	/**
	 * A worker's process is gone, or could not be started.
	 *
	 * @param code the exit code, as {@link Process#exitValue()} gives it
	 * @param how the exit code or signal in words
	 * @param output the last lines that it printed
	 * @param evidence what else says why it ended
	 */
	record WorkerExited(int worker, int code, String how, List<String> output,
			ExitEvidence evidence) implements PrimaryEvent {

		public WorkerExited {
			output = List.copyOf(output);
		}

	}

	/**
	 * A worker said something.
	 */
	record MessageReceived(int worker, Message.FromWorker message) implements PrimaryEvent {

	}

	/**
	 * A worker's channel ended, as it also does just before the worker's end is known.
	 */
	record ChannelEnded(int worker, String reason) implements PrimaryEvent {

	}

	/**
	 * An operator asks something over the control socket.
	 *
	 * @param client whom to answer
	 */
	record Asked(long client, Request.OfOperator request) implements PrimaryEvent {

	}

	/**
	 * Somebody other than a worker asks for a reload.
	 */
	record ReloadRequested(String trigger, @Nullable ReloadStrategy strategy) implements PrimaryEvent {

	}

	/**
	 * Somebody other than a worker asks for more or fewer workers.
	 *
	 * @param trigger who asks
	 * @param difference how many more, or fewer if negative
	 */
	record ScaleRequested(String trigger, int difference) implements PrimaryEvent {

	}

	/**
	 * Somebody other than a worker asks for a graceful shutdown.
	 */
	record ShutdownRequested(String reason, int exitCode) implements PrimaryEvent {

	}

	/**
	 * Everything must end now.
	 */
	record StopRequested(String reason, int exitCode) implements PrimaryEvent {

	}

	/**
	 * What the kernel has dropped so far.
	 *
	 * @param reload the reload for which it was asked
	 * @param drops the counts, or {@code null} where they cannot be read
	 */
	record DropsCounted(int reload, @Nullable DropCounts drops) implements PrimaryEvent {

	}

	/**
	 * A worker did not get a slot's socket.
	 */
	record SocketFailed(int worker, int slot, String reason) implements PrimaryEvent {

	}

	/**
	 * The sockets cannot be listened on.
	 */
	record ListenFailed(String reason) implements PrimaryEvent {

	}

}
