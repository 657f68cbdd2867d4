package io.clusterboot.cli;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStatus;
import io.clusterboot.channel.Control;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.control.ControlConnection;
import io.clusterboot.control.ControlTimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/**
 * Shows the cluster as it lives.
 */
@Command(name = "monit", mixinStandardHelpOptions = true, description = { "Watch the cluster.",
		"Keys: s sorts by slot, requests, p99, memory or processors; up and down choose a worker; R restarts it; q quits." })
final class MonitCommand extends Verb {

	private static final Duration LOOK = Duration.ofSeconds(1);

	private static final int LOG_LINES = 200;

	private final Deque<Control.Line> log = new ArrayDeque<>();

	private final Map<Integer, Sparkline> requests = new HashMap<>();

	private Order order = Order.SLOT;

	private int chosen;

	private String said = "";

	private String silent = "";

	private @Nullable ClusterView seen;

	@Override
	public Integer call() throws IOException {
		if (!this.console.isInteractive()) {
			throw new CommandFailure(ExitCode.USAGE, "monit needs a terminal; use 'list' or 'logs --follow'");
		}
		try {
			while (watch() == Terminal.SUSPEND) {
				Terminal.suspend();
			}
		}
		catch (EOFException ex) {
			this.said = "the cluster has ended";
		}
		this.console.out().println(this.said);
		return ExitCode.GOOD;
	}

	// The primary waits for nobody who is suspended
	private int watch() throws IOException {
		try (ControlConnection connection = this.clusters.connect();
				ControlConnection lines = this.clusters.connect()) {
			this.log.clear();
			lines.ask(new Control.Logs(Control.Logs.ALL, LOG_LINES, true));
			try (Terminal terminal = new Terminal()) {
				return watch(connection, lines, terminal);
			}
		}
	}

	// Returns the key that ends it
	private int watch(ControlConnection connection, ControlConnection lines, Terminal terminal) throws IOException {
		while (true) {
			ClusterView view = look(connection);
			List<ClusterView.Worker> workers = new ArrayList<>(view.workers());
			workers.sort(this.order.comparator());
			workers.stream()
				.collect(Collectors.groupingBy(ClusterView.Worker::slot,
						Collectors.summingDouble(ClusterView.Worker::requestsPerSecond)))
				.forEach((slot, sum) -> this.requests.computeIfAbsent(slot, (unseen) -> new Sparkline()).add(sum));
			draw(view, workers, terminal.size());
			long end = System.nanoTime() + LOOK.toNanos();
			for (long left = LOOK.toNanos(); left > 0; left = end - System.nanoTime()) {
				hear(lines, Duration.ofNanos(Math.min(left, LOOK.toNanos() / 5)));
				int key = (System.in.available() > 0) ? System.in.read() : -1;
				if (key == 'q' || key == Terminal.SUSPEND) {
					return key;
				}
				if (key >= 0) {
					press(key, connection, workers);
					draw(view, workers, terminal.size());
				}
			}
		}
	}

	// The last picture is better than none
	private ClusterView look(ControlConnection connection) throws IOException {
		try {
			this.seen = ClusterView.of(connection);
			this.silent = "";
		}
		catch (ControlTimeoutException ex) {
			this.silent = "the primary does not answer";
		}
		if (this.seen == null) {
			throw new CommandFailure(ExitCode.TIMEOUT, "the primary does not answer");
		}
		return this.seen;
	}

	private void hear(ControlConnection lines, Duration patience) throws IOException {
		Message message = lines.receive(patience);
		if (message instanceof Control.Lines found) {
			this.log.addAll(found.lines());
			while (this.log.size() > LOG_LINES) {
				this.log.removeFirst();
			}
		}
	}

	private void press(int key, ControlConnection connection, List<ClusterView.Worker> workers) throws IOException {
		switch (key) {
			case 's' -> {
				this.order = Order.values()[(this.order.ordinal() + 1) % Order.values().length];
				workers.sort(this.order.comparator());
			}
			// the last byte of what the arrow keys send
			case 'A', 'k' -> choose(this.chosen - 1, workers.size());
			case 'B', 'j' -> choose(this.chosen + 1, workers.size());
			case 'R' -> restart(connection, workers);
			default -> {
			}
		}
	}

	private void choose(int row, int rows) {
		this.chosen = Math.max(0, Math.min(rows - 1, row));
	}

	private void restart(ControlConnection connection, List<ClusterView.Worker> workers) throws IOException {
		if (this.chosen < workers.size()) {
			int id = workers.get(this.chosen).id();
			connection.ask((question) -> new Request.Disconnect(question, Clusters.requester(), id),
					Reply.Worker.class);
			this.said = "worker %d is being replaced".formatted(id);
		}
	}

	private void draw(ClusterView view, List<ClusterView.Worker> workers, int[] size) {
		List<String> screen = new ArrayList<>();
		screen.add(this.console.bold(fit(this.console.foreign(view.title()), size[1])));
		int free = size[1] - Row.WIDTH;
		screen.add(fit(Row.titles(size[1]) + ((free > 10) ? "  requests/s of the last minute" : ""), size[1]));
		for (int i = 0; i < workers.size(); i++) {
			ClusterView.Worker worker = workers.get(i);
			String line = Row.of(worker, size[1]);
			if (free > 10) {
				Sparkline sparkline = this.requests.get(worker.slot());
				line += "  " + ((sparkline != null) ? sparkline.draw(free - 4) : "");
			}
			line = fit(line, size[1]);
			screen.add((i == this.chosen) ? "\u001b[7m" + line + "\u001b[0m" : line);
		}
		ReloadSnapshot reload = view.lastReload();
		if (reload != null && reload.status() == ReloadStatus.RUNNING) {
			screen.add(
					this.console.pending(fit("reload " + reload.id() + " " + Reloads.progress(reload, view), size[1])));
		}
		screen.add(fit("sorted by %s  s sort  R restart  q quit  %s".formatted(Text.of(this.order),
				(this.silent.isEmpty()) ? this.said : this.silent), size[1]));
		int room = Math.max(0, size[0] - screen.size() - 1);
		this.log.stream()
			.skip(Math.max(0, this.log.size() - room))
			.forEach((line) -> screen
				.add(this.console.ofSlot(line.slot(), "%3s ".formatted((line.slot() >= 0) ? line.slot() : "-")) + fit(
						line.text().replaceAll("\u001b\\[[0-9;]*m", "").replaceAll("\\p{Cntrl}", " "), size[1] - 4)));
		StringBuilder frame = new StringBuilder("\u001b[H");
		screen.stream().limit(size[0] - 1L).forEach((line) -> frame.append(line).append("\u001b[K\r\n"));
		System.out.print(frame.append("\u001b[J"));
		System.out.flush();
	}

	private static String fit(String line, int columns) {
		return (line.length() <= columns) ? line : line.substring(0, Math.max(0, columns));
	}

	/**
	 * What the workers are sorted by.
	 */
	private enum Order {

		SLOT((worker) -> worker.slot()), REQUESTS((worker) -> -worker.requestsPerSecond()),
		P99((worker) -> -worker.p99().toMillis()), MEMORY((worker) -> -worker.memory()),
		PROCESSORS((worker) -> -worker.processors());

		private final ToDoubleFunction<ClusterView.Worker> key;

		Order(ToDoubleFunction<ClusterView.Worker> key) {
			this.key = key;
		}

		Comparator<ClusterView.Worker> comparator() {
			return Comparator.comparingDouble(this.key).thenComparing(ClusterView.Worker::id);
		}

	}

	/**
	 * A worker in one line, which has less in it where there is less room.
	 */
	private static final class Row {

		static final int WIDTH = 64;

		private Row() {
		}

		static String titles(int columns) {
			return (columns < WIDTH) ? "SLOT STATE       REQ/S   P99 MEM" : "%4s %6s %7s %4s %-9s %8s %8s %7s %4s"
				.formatted("SLOT", "WORKER", "PID", "GEN", "STATE", "REQ/S", "P99", "MEMORY", "CPU");
		}

		static String of(ClusterView.Worker worker, int columns) {
			String slot = (worker.slot() >= 0) ? String.valueOf(worker.slot()) : "-";
			return (columns < WIDTH)
					? "%4s %-9s %7s %5s %s".formatted(slot, Text.of(worker.state()),
							worker.recently("%.1f", worker.requestsPerSecond()),
							worker.recently("%.0f", worker.p99().toMillis()), Text.ofBytes(worker.memory()))
					: "%4s %6d %7d %4d %-9s %8s %8s %7s %4s".formatted(slot, worker.id(), worker.pid(),
							worker.generation(), Text.of(worker.state()),
							worker.recently("%.1f", worker.requestsPerSecond()),
							worker.recently("%.0f ms", worker.p99().toMillis()), Text.ofBytes(worker.memory()),
							worker.recently("%.0f%%", 100 * worker.processors()));
		}

	}

	/**
	 * The last values of something.
	 */
	private static final class Sparkline {

		private static final int KEPT = 60;

		private static final String BARS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";

		private final Deque<Double> values = new ArrayDeque<>();

		void add(double value) {
			this.values.add(value);
			if (this.values.size() > KEPT) {
				this.values.removeFirst();
			}
		}

		String draw(int columns) {
			double most = this.values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
			StringBuilder line = new StringBuilder();
			this.values.stream()
				.skip(Math.max(0, this.values.size() - columns))
				.forEach((value) -> line.append((most > 0)
						? BARS.charAt((int) Math.round(value / most * (BARS.length() - 1))) : BARS.charAt(0)));
			return line.toString();
		}

	}

}
