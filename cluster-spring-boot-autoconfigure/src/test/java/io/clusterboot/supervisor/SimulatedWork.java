package io.clusterboot.supervisor;

import java.time.Duration;

import io.clusterboot.ResponseCounts;
import io.clusterboot.channel.Message;
import io.clusterboot.supervisor.SimulationPlan.Character;
import io.clusterboot.supervisor.SimulationPlan.Fault;

/**
 * What a {@link SimulatedWorker} has done since its start.
 */
final class SimulatedWork {

	// Of the answers of one that answers badly
	static final double BAD_SHARE = 0.5;

	private final Character character;

	private int beats;

	private long answered;

	private long busyMillis;

	SimulatedWork(Character character) {
		this.character = character;
	}

	/**
	 * Work on until the next heartbeat.
	 * @param calm whether there is nothing to do
	 * @return the heartbeat
	 */
	Message.Heartbeat next(boolean calm) {
		this.beats++;
		// Who answers for ever would be recycled for ever
		if (!calm || this.character.has(Fault.ANSWERS_BADLY)) {
			this.answered += 30;
		}
		long bad = this.character.has(Fault.ANSWERS_BADLY) ? (long) (this.answered * BAD_SHARE) : 0;
		long memory = this.character.has(Fault.GROWS) ? 300L * this.beats : 500;
		int inFlight = this.character.random().nextInt(10);
		this.busyMillis += (this.character.old()) ? 0 : this.character.random().nextInt(8000);
		return Beats.of(inFlight, Duration.ofMillis(this.busyMillis), memory,
				new ResponseCounts(0, this.answered - bad, 0, 0, bad));
	}

}
