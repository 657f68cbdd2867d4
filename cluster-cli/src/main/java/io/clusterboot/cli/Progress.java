package io.clusterboot.cli;

import java.io.PrintWriter;

/**
 * Shows what happens while the command waits: by a line that moves on a terminal, else by
 * a line for each step.
 */
final class Progress implements AutoCloseable {

	private final Console console;

	private String shown = "";

	Progress(Console console) {
		this.console = console;
	}

	/**
	 * Say what happens now.
	 * @param step the same for as long as nothing new happens
	 */
	void show(String step) {
		show(step, step);
	}

	/**
	 * Say what happens now.
	 * @param step the same for as long as nothing new happens
	 * @param moving what a terminal shows instead, which may change with the time
	 */
	void show(String step, String moving) {
		if (this.console.isJson()) {
			return;
		}
		PrintWriter out = this.console.out();
		if (this.console.isInteractive()) {
			out.print("\r\u001b[K" + moving);
		}
		else if (!step.equals(this.shown)) {
			out.println(step);
		}
		this.shown = step;
		out.flush();
	}

	@Override
	public void close() {
		if (!this.shown.isEmpty() && this.console.isInteractive()) {
			this.console.out().print("\r\u001b[K");
			this.console.out().flush();
		}
	}

}
