package io.clusterboot.worker;

import io.clusterboot.channel.Mail;
import io.clusterboot.contract.BusState;
import io.clusterboot.contract.NamedLock;
import io.clusterboot.lead.WorkerLeader;

/**
 * What the workers of several machines share, in the place of their primaries.
 */
public interface Bus {

	/**
	 * Take mail for workers of all machines. Does not wait.
	 * @param mail the mail
	 */
	void post(Mail.Outgoing mail);

	/**
	 * Add to a number.
	 * @param counter its name
	 * @param delta what to add
	 * @return the number now
	 * @throws io.clusterboot.PrimaryUnavailableException if it cannot be reached
	 */
	long add(String counter, long delta);

	/**
	 * Return who keeps locks.
	 * @return the keeper
	 * @throws io.clusterboot.PrimaryUnavailableException if it cannot be reached
	 */
	NamedLock.Keeper locks();

	/**
	 * Return whether this worker leads all machines.
	 * @return the leader
	 */
	WorkerLeader leader();

	/**
	 * Return how it fares.
	 * @return its state now
	 */
	BusState state();

}
