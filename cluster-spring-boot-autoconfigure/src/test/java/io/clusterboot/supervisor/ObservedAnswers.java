package io.clusterboot.supervisor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.channel.Message;
import io.clusterboot.supervisor.settings.SupervisorSettings;

/**
 * What was asked and what was answered, as {@link SimulationInvariants} sees it.
 */
final class ObservedAnswers {

	private final ObservedReloads reloads;

	private final ObservedIncidents incidents;

	private final Map<Long, Message.Request> open = new HashMap<>();

	// As it was before the event
	private ClusterSnapshot snapshot;

	ObservedAnswers(ObservedReloads reloads, ObservedIncidents incidents) {
		this.reloads = reloads;
		this.incidents = incidents;
	}

	void asked(Message.Request request) {
		this.open.put(request.id(), request);
	}

	void check(Message.Reply reply, boolean stopping, SupervisorSettings settings) {
		Message.Request request = this.open.remove(reply.id());
		SimulationInvariants.check(request != null, "answers once", reply);
		boolean refused = reply instanceof Message.Refusal;
		boolean refusable = request instanceof Message.ReloadRequest || request instanceof Message.ScaleRequest;
		SimulationInvariants.check(refused == (stopping && refusable), "refuses only when it stops, and then", reply);
		if (!refused) {
			checkContents(request, reply, settings);
		}
	}

	private void checkContents(Message.Request request, Message.Reply reply, SupervisorSettings settings) {
		if (request instanceof Message.SnapshotRequest && reply instanceof Message.SnapshotReply answer) {
			SimulationInvariants.check(answer.snapshot().equals(this.snapshot), "tells how things are",
					List.of(answer.snapshot(), "not", this.snapshot));
		}
		else if (request instanceof Message.ReloadRequest asked && reply instanceof Message.ReloadReply answer) {
			this.reloads.answered(answer.reload());
			SimulationInvariants.check(
					answer.reload().trigger().equals(asked.requester().trigger()) && answer.reload()
						.strategy() == ((asked.strategy() != null) ? asked.strategy() : settings.reload().strategy()),
					"reloads in the way that was asked for last", answer);
		}
		else if (request instanceof Message.ReloadsRequest && reply instanceof Message.ReloadsReply answer) {
			this.reloads.check(answer);
		}
		else if (request instanceof Message.AbortRequest asked && reply instanceof Message.AbortReply answer) {
			this.reloads.check(asked, answer, this.snapshot);
		}
		else if (request instanceof Message.ScaleRequest asked && reply instanceof Message.ScaleReply answer) {
			SimulationInvariants.check(answer.workers() == asked.workers(),
					"promises as many workers as were asked for", answer);
		}
		else if (request instanceof Message.IncidentsRequest && reply instanceof Message.IncidentsReply answer) {
			this.incidents.check(answer);
		}
		else if (request instanceof Message.IncidentRequest asked && reply instanceof Message.IncidentReply answer) {
			this.incidents.check(asked, answer);
		}
		else {
			SimulationInvariants.check(
					request instanceof Message.ShutdownRequest && reply instanceof Message.ShutdownReply,
					"answers what was asked", List.of(request, "with", reply));
		}
	}

	void after(ClusterSnapshot snapshot) {
		SimulationInvariants.check(this.open.isEmpty(), "answers every request", this.open);
		this.snapshot = snapshot;
	}

}
