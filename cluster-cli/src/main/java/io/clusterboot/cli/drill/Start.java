package io.clusterboot.cli.drill;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.IncidentCause;
import io.clusterboot.IncidentSnapshot;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import org.jspecify.annotations.Nullable;

/**
 * The first part of the drill: all workers start, side by side.
 */
final class Start {

	// After which what listens without a control socket is no cluster
	private static final Duration PLAIN = Duration.ofSeconds(5);

	private static final Duration LEAST = Duration.ofSeconds(30);

	private final Setup setup;

	private final Audience audience;

	private final Subject subject;

	private long listening;

	private int workers;

	private Duration limit = LEAST;

	Start(Setup setup, Audience audience, Subject subject) {
		this.setup = setup;
		this.audience = audience;
		this.subject = subject;
	}

	/**
	 * Return how many workers there are.
	 * @return how many serve side by side
	 */
	int workers() {
		return this.workers;
	}

	/**
	 * Return how long a worker may take to be replaced.
	 * @return as it took to start
	 */
	Duration limit() {
		return this.limit;
	}

	Outcome run(String step) throws IOException {
		Outcome outcome = this.audience.await(() -> look(step), "the start of the application");
		if (this.workers == 1) {
			// Without the one that cannot start, so that the rest is about something else
			this.subject.primary().ask((id) -> new Request.Scale(id, this.setup.requester(), 1), Reply.Scale.class);
			this.audience.await(() -> (this.subject.primary().isSettled()) ? Boolean.TRUE : null,
					"the end of the second worker");
		}
		return outcome;
	}

	private @Nullable Outcome look(String step) throws IOException {
		if (this.subject.hasDied()) {
			return Outcome.of(Judge.noStart(step, this.subject.exitCode(), this.subject.output(0)));
		}
		try {
			return (this.subject.connect()) ? lookAtCluster(step) : lookAtPort(step);
		}
		catch (IOException ex) {
			if (!this.subject.isDying()) {
				throw ex;
			}
			// Looked at once more, that is an application that does not start
			return null;
		}
	}

	private @Nullable Outcome lookAtPort(String step) throws IOException {
		if (!this.subject.isListening()) {
			return null;
		}
		long now = System.nanoTime();
		this.listening = (this.listening != 0) ? this.listening : now;
		return (now - this.listening > PLAIN.toNanos()) ? Outcome.of(Judge.noCluster(step, this.subject.output(0)))
				: null;
	}

	private @Nullable Outcome lookAtCluster(String step) throws IOException {
		ClusterSnapshot snapshot = this.subject.primary().snapshot();
		List<WorkerSnapshot> ready = Primary.ready(snapshot);
		if (Primary.isSettled(snapshot)) {
			this.workers = ready.size();
			List<Duration> took = ready.stream()
				.map((worker) -> Duration.between(worker.started(), worker.ready()))
				.toList();
			this.limit = LEAST.plus(took.stream().max(Duration::compareTo).orElseThrow().multipliedBy(3));
			return (this.workers > 1)
					? new Outcome("%d workers ready, each after %s".formatted(this.workers,
							took.stream().map(Words::seconds).collect(Collectors.joining(", "))), List.of())
					: Outcome.of(Judge.alone(step, this.workers));
		}
		IncidentSnapshot failure = (!ready.isEmpty()) ? failure() : null;
		if (failure == null) {
			return null;
		}
		this.workers = 1;
		return Outcome.of(Judge.notTwice(step, failure));
	}

	private @Nullable IncidentSnapshot failure() throws IOException {
		for (IncidentSnapshot incident : this.subject.primary().incidents(0)) {
			if (incident.cause() == IncidentCause.START_FAILURE && incident.exited() != null) {
				return incident;
			}
		}
		return null;
	}

}
