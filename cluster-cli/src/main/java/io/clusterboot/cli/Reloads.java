package io.clusterboot.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStepSnapshot;

/**
 * Reloads in words.
 */
final class Reloads {

	private static final int WIDTH = 24;

	private Reloads() {
	}

	/**
	 * Say in one line how far a reload is.
	 * @param reload the reload
	 * @param view the cluster
	 * @return the line
	 */
	static String progress(ReloadSnapshot reload, ClusterView view) {
		int slots = view.target();
		List<ReloadStepSnapshot> steps = reload.steps();
		long done = steps.stream().filter((step) -> step.ready() != null).count();
		int filled = (int) Math.min(WIDTH, done * WIDTH / Math.max(1, slots));
		return "[%s%s] %d/%d slots, %s, %s".formatted("#".repeat(filled), ".".repeat(WIDTH - filled), done, slots,
				phase(reload, view), Text.of(Duration.between(reload.started(), end(reload, view.now()))));
	}

	/**
	 * Say what a reload does at the moment.
	 * @param reload the reload
	 * @param view the cluster
	 * @return for example {@code worker 5 starts in slot 1}
	 */
	static String phase(ReloadSnapshot reload, ClusterView view) {
		Instant now = view.now();
		if (reload.status() != ReloadStatus.RUNNING) {
			return Text.of(reload.status());
		}
		if (view.isWaiting(reload)) {
			return view.waits();
		}
		if (reload.steps().isEmpty()) {
			return "begins";
		}
		ReloadStepSnapshot step = reload.steps().get(reload.steps().size() - 1);
		if (step.ready() == null) {
			return "worker %d starts in slot %d".formatted(step.worker(), step.slot());
		}
		if (reload.canary() != null && now.isBefore(reload.canary().until())) {
			return "worker %d is watched for %s more".formatted(reload.canary().worker(),
					Text.of(Duration.between(now, reload.canary().until())));
		}
		return (step.drained() == null && step.replaced() != null) ? "worker %d drains".formatted(step.replaced())
				: "goes on";
	}

	static void describe(ReloadSnapshot reload, ClusterView view, Console console) {
		PrintWriter out = console.out();
		out.println("%d  %s  %s  generation %d to %d  %s  after %s  by %s".formatted(reload.id(),
				Text.of(reload.started()), Text.of(reload.strategy()), reload.fromGeneration(), reload.toGeneration(),
				status(reload, view, console),
				Text.seconds(Duration.between(reload.started(), end(reload, view.now()))),
				console.foreign(requester(reload))));
		if (reload.reason() != null) {
			out.println("  reason: " + console.foreign(reload.reason()));
		}
		for (ReloadStepSnapshot step : reload.steps()) {
			out.println("  slot %d: worker %d %s%s".formatted(step.slot(), step.worker(), (step.ready() != null)
					? "ready after " + Text.seconds(Duration.between(step.forked(), step.ready())) : "not ready",
					(step.replaced() != null) ? ", in the place of worker " + step.replaced() : ""));
		}
		if (!reload.output().isEmpty()) {
			out.println("  its last lines:");
			reload.output().forEach((line) -> out.println("    " + console.foreign(line)));
		}
	}

	private static String status(ReloadSnapshot reload, ClusterView view, Console console) {
		if (view.isWaiting(reload)) {
			return console.pending(view.waits());
		}
		String status = Text.of(reload.status());
		return switch (reload.status()) {
			case SUCCEEDED -> console.good(status);
			case RUNNING -> console.pending(status);
			default -> console.bad(status);
		};
	}

	static String requester(ReloadSnapshot reload) {
		return reload.trigger() + ((reload.requester() != null) ? " (" + reload.requester() + ")" : "");
	}

	static Instant end(ReloadSnapshot reload, Instant now) {
		return (reload.finished() != null) ? reload.finished() : now;
	}

}
