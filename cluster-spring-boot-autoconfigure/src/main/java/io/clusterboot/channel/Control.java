package io.clusterboot.channel;

import java.util.List;

/**
 * What the primary and an operator's program say to each other, beside
 * {@link Request.OfOperator} and {@link Reply}.
 */
public sealed interface Control extends Message {

	/**
	 * The primary's first word.
	 *
	 * @param protocol the version of the vocabulary, as in {@link Message.Hello}
	 * @param name the name of the application, or an empty string
	 * @param pid the process id of the primary
	 * @param port the cluster's port
	 */
	record Introduction(int protocol, @Limit(Limit.SENTENCE) String name, long pid, int port) implements Control {

	}

	/**
	 * Asks for {@link Lines}.
	 *
	 * @param slot whose, {@link #PRIMARY} or {@link #ALL}
	 * @param last how many of the last lines
	 * @param follow whether all lines from now on are wanted too
	 */
	record Logs(int slot, int last, boolean follow) implements Control {

		/**
		 * All slots, and the primary itself.
		 */
		public static final int ALL = -2;

		/**
		 * In the place of a slot: the primary.
		 */
		public static final int PRIMARY = -3;

	}

	/**
	 * What the primary and its workers have printed.
	 *
	 * @param lines the lines, in their order
	 * @param lost how many are missing before them, because they were not read in time
	 * @param complete whether these are all there are now
	 */
	record Lines(List<Line> lines, long lost, boolean complete) implements Control {

		public Lines {
			lines = List.copyOf(lines);
		}

	}

	/**
	 * A line.
	 *
	 * @param slot the slot of the worker, that of a spare, or {@link Logs#PRIMARY}
	 * @param worker the id of the worker, or 0 for the primary
	 * @param text the line, without its end
	 */
	record Line(int slot, int worker, @Limit(Limit.LINE) String text) {

	}

}
