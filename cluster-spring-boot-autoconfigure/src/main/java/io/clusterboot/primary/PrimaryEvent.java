package io.clusterboot.primary;

import io.clusterboot.ReloadStrategy;
import io.clusterboot.channel.Message;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link Supervisor} hears.
 */
sealed interface PrimaryEvent {

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
	 * A worker's process was started.
	 */
	record WorkerForked(int worker, long pid) implements PrimaryEvent {

	}

	/**
	 * A worker's process is gone, or could not be started.
	 *
	 * @param code the exit code, as {@link Process#exitValue()} gives it
	 * @param how the exit code or signal in words
	 */
	record WorkerExited(int worker, int code, String how) implements PrimaryEvent {

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
	 * Somebody other than a worker asks for a reload.
	 */
	record ReloadRequested(String trigger, @Nullable ReloadStrategy strategy) implements PrimaryEvent {

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
	 * The sockets cannot be listened on.
	 */
	record ListenFailed(String reason) implements PrimaryEvent {

	}

}
