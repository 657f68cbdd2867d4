package io.clusterboot.supervisor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.supervisor.settings.SupervisorSettings;

/**
 * What was asked and what was answered, as {@link SimulationInvariants} sees it.
 */
final class ObservedAnswers {

	private final ObservedReloads reloads;

	private final ObservedIncidents incidents;

	private final ObservedLocks locks = new ObservedLocks();

	private final Map<Long, Request> open = new HashMap<>();

	private final Map<String, Long> counters = new HashMap<>();

	// As it was before the event
	private ClusterSnapshot snapshot;

	ObservedAnswers(ObservedReloads reloads, ObservedIncidents incidents) {
		this.reloads = reloads;
		this.incidents = incidents;
	}

	void asked(Request request) {
		this.open.put(request.id(), request);
	}

	void exited(int worker) {
		this.locks.exited(worker);
	}

	void check(int worker, Reply reply, boolean stopping, SupervisorSettings settings, long now) {
		Request request = this.open.remove(reply.id());
		SimulationInvariants.check(request != null, "answers once", reply);
		boolean refused = reply instanceof Reply.Refusal;
		boolean refusable = request instanceof Request.Reload || request instanceof Request.Scale;
		boolean tooMany = !stopping && request instanceof Request.Scale asked
				&& asked.workers() > settings.maxWorkers();
		SimulationInvariants.check((reply instanceof Reply.Invalid) == tooMany, "tells who wants more than is allowed",
				List.of(request, reply));
		SimulationInvariants.check(refused == (stopping && refusable), "refuses only when it stops, and then", reply);
		if (request instanceof Request.OfShared asked && reply instanceof Reply.Lock answer) {
			this.locks.answered(worker, asked, answer.held(), now);
		}
		else if (!refused && !tooMany) {
			checkContents(request, reply, settings);
		}
	}

	private void checkContents(Request request, Reply reply, SupervisorSettings settings) {
		if (request instanceof Request.Snapshot && reply instanceof Reply.Snapshot answer) {
			SimulationInvariants.check(answer.snapshot().equals(this.snapshot), "tells how things are",
					List.of(answer.snapshot(), "not", this.snapshot));
		}
		else if (request instanceof Request.Reload asked && reply instanceof Reply.Reload answer) {
			this.reloads.answered(answer.reload());
			SimulationInvariants.check(
					answer.reload().trigger().equals(asked.requester().trigger()) && answer.reload()
						.strategy() == ((asked.strategy() != null) ? asked.strategy() : settings.reload().strategy()),
					"reloads in the way that was asked for last", answer);
		}
		else if (request instanceof Request.Reloads && reply instanceof Reply.Reloads answer) {
			this.reloads.check(answer);
		}
		else if (request instanceof Request.Abort asked && reply instanceof Reply.Abort answer) {
			this.reloads.check(asked, answer, this.snapshot);
		}
		else if (request instanceof Request.Scale asked && reply instanceof Reply.Scale answer) {
			SimulationInvariants.check(answer.workers() == asked.workers(),
					"promises as many workers as were asked for", answer);
		}
		else if (request instanceof Request.Incidents && reply instanceof Reply.Incidents answer) {
			this.incidents.check(answer);
		}
		else if (request instanceof Request.Incident asked && reply instanceof Reply.Incident answer) {
			this.incidents.check(asked, answer);
		}
		else if (request instanceof Request.Lease && reply instanceof Reply.Lease) {
			return;
		}
		else if (request instanceof Request.Count asked && reply instanceof Reply.Count answer) {
			long value = this.counters.merge(asked.name(), asked.delta(), Long::sum);
			SimulationInvariants.check(answer.value() == value, "counts everything once", List.of(answer, value));
		}
		else {
			SimulationInvariants.check(request instanceof Request.Shutdown && reply instanceof Reply.Shutdown,
					"answers what was asked", List.of(request, "with", reply));
		}
	}

	void after(ClusterSnapshot snapshot) {
		SimulationInvariants.check(this.open.isEmpty(), "answers every request", this.open);
		this.snapshot = snapshot;
	}

}
