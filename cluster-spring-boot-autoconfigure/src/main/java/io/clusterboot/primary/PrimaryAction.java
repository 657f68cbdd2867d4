package io.clusterboot.primary;

import java.util.Set;

import io.clusterboot.channel.Message;

/**
 * What the {@link Supervisor} wants done. Actions are executed in order.
 */
sealed interface PrimaryAction {

	/**
	 * Start a worker's process. Answered by {@link PrimaryEvent.WorkerForked} or
	 * {@link PrimaryEvent.WorkerExited}.
	 */
	record Fork(int worker, int slot, int generation) implements PrimaryAction {

	}

	/**
	 * Say something to a worker.
	 */
	record Send(int worker, Message.FromPrimary message) implements PrimaryAction {

	}

	/**
	 * Send a worker its slot's socket.
	 */
	record Admit(int worker, int slot) implements PrimaryAction {

	}

	/**
	 * Send SIGTERM to a worker.
	 */
	record Terminate(int worker) implements PrimaryAction {

	}

	/**
	 * Send SIGKILL to a worker.
	 */
	record Kill(int worker) implements PrimaryAction {

	}

	/**
	 * Listen on all sockets.
	 */
	record Listen() implements PrimaryAction {

	}

	/**
	 * Send new connections to these slots only.
	 */
	record Steer(Set<Integer> slots) implements PrimaryAction {

		public Steer {
			slots = Set.copyOf(slots);
		}

	}

	/**
	 * Let no new connection begin, while queued ones can still be accepted.
	 */
	record Hold() implements PrimaryAction {

	}

	/**
	 * Refuse new connections.
	 */
	record Refuse() implements PrimaryAction {

	}

	/**
	 * Write a line to the log.
	 */
	record Log(Level level, String text) implements PrimaryAction {

	}

	/**
	 * End the primary.
	 */
	record Exit(int code) implements PrimaryAction {

	}

	/**
	 * How loud a log line is.
	 */
	enum Level {

		/**
		 * A step of a worker's or the cluster's life.
		 */
		INFO,

		/**
		 * Something an operator should look at.
		 */
		WARN,

		/**
		 * Something that failed.
		 */
		ERROR

	}

}
