package io.clusterboot.contract;

import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.supervisor.Supervisor;

/**
 * What the {@link Supervisor} wants done. Actions are executed in order.
 */
public sealed interface PrimaryAction {

	/**
	 * Take a copy of the code for a new generation. Answered by
	 * {@link PrimaryEvent.CodeCopied} or {@link PrimaryEvent.CopyFailed}.
	 *
	 * @param generation the generation
	 * @param training when it is trained; where that is ever, it uses what an earlier
	 * training of the same has left
	 * @param workers how many workers share the machine
	 */
	record CopyCode(int generation, ReloadTraining training, int workers) implements PrimaryAction {

	}

	/**
	 * Start the application of a generation once, in the background, for an archive that
	 * makes further starts faster. Answered by {@link PrimaryEvent.Trained}.
	 *
	 * @param generation the generation
	 * @param workers how many workers share the machine
	 */
	record Train(int generation, int workers) implements PrimaryAction {

	}

	/**
	 * End the training that was told to begin, because something begins that it would be
	 * in the way of.
	 */
	record StopTraining(int generation) implements PrimaryAction {

	}

	/**
	 * Delete a copy that nobody needs any more.
	 */
	record DiscardCode(int generation) implements PrimaryAction {

	}

	/**
	 * Start a worker's process. Answered by {@link PrimaryEvent.WorkerForked} or
	 * {@link PrimaryEvent.WorkerExited}.
	 *
	 * @param worker the new worker's id
	 * @param slot its slot, or {@link WorkerIdentity#NO_SLOT} for a spare
	 * @param generation its generation
	 * @param workers how many workers share the machine
	 */
	record Fork(int worker, int slot, int generation, int workers) implements PrimaryAction {

	}

	/**
	 * Say something to a worker.
	 */
	record Send(int worker, Message.FromPrimary message) implements PrimaryAction {

	}

	/**
	 * Answer an operator.
	 *
	 * @param client whom, as the question said
	 */
	record Answer(long client, Reply reply) implements PrimaryAction {

	}

	/**
	 * Send a worker its slot's socket, which is opened if it is not there yet.
	 */
	record Admit(int worker, int slot) implements PrimaryAction {

	}

	/**
	 * Give a spare the socket of the slot that is its own from now on.
	 */
	record Assign(int worker, int slot) implements PrimaryAction {

	}

	/**
	 * Send a worker the socket of a slot that nobody serves.
	 */
	record Adopt(int worker, int slot) implements PrimaryAction {

	}

	/**
	 * Let a worker leave processors to those that serve, or no longer.
	 *
	 * @param worker the worker
	 * @param precedence when it gets them itself
	 */
	record Confine(int worker, Precedence precedence) implements PrimaryAction {

	}

	/**
	 * Send SIGQUIT to a worker, whose JVM then prints what its threads do.
	 */
	record Dump(int worker) implements PrimaryAction {

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
	 * Take a worker that SIGKILL does not end for gone, as is one whose end was missed.
	 * Answered by {@link PrimaryEvent.WorkerExited}.
	 */
	record Abandon(int worker) implements PrimaryAction {

	}

	/**
	 * Listen on all sockets; also to change the backlog of those that do already.
	 */
	record Listen(int backlog) implements PrimaryAction {

	}

	/**
	 * Send new connections to some slots only, or not evenly.
	 */
	record Steer(Steering steering) implements PrimaryAction {

	}

	/**
	 * Close the socket of a slot that is no more, always the last one.
	 */
	record CloseSlot(int slot) implements PrimaryAction {

	}

	/**
	 * Read what the kernel has dropped so far. Answered by
	 * {@link PrimaryEvent.DropsCounted}.
	 */
	record CountDrops(int reload) implements PrimaryAction {

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
