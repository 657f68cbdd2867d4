package io.clusterboot.supervisor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.clusterboot.channel.Message;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.event.WorkerEvent;
import io.clusterboot.event.WorkerExited;

/**
 * What workers that listen are told, as {@link SimulationInvariants} sees it: of each
 * worker every step at most once and in order, and its end in any case.
 */
final class ObservedEvents {

	private static final List<String> STEPS = List.of("WorkerForked", "WorkerOnline", "WorkerListening", "WorkerReady",
			"WorkerDisconnected", "WorkerExited");

	// By listener the last step of each worker
	private final Map<Integer, Map<Integer, Integer>> heard = new HashMap<>();

	private int told;

	void before() {
		this.told = 0;
	}

	void joined(int listener) {
		this.heard.putIfAbsent(listener, new HashMap<>());
	}

	void check(PrimaryAction.Send send, Message.Happened happened) {
		Map<Integer, Integer> listener = this.heard.get(send.worker());
		SimulationInvariants.check(listener != null, "tells those who listen", send);
		if (happened.event() instanceof WorkerEvent event) {
			int step = STEPS.indexOf(event.getClass().getSimpleName());
			Integer last = listener.put(event.worker().id(), step);
			SimulationInvariants.check((last != null) ? last < step : step == 0, "tells every step once and in order",
					send);
			if (event instanceof WorkerExited) {
				this.told++;
			}
		}
	}

	void exited(int worker) {
		this.heard.remove(worker);
		boolean known = this.heard.values().stream().anyMatch((last) -> last.containsKey(worker));
		SimulationInvariants.check(this.told == ((known) ? this.heard.size() : 0), "tells everybody of an end", worker);
	}

}
