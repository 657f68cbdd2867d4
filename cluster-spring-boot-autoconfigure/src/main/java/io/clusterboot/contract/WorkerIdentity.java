package io.clusterboot.contract;

import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What a worker knows of itself before it has heard from the primary. Travels in
 * environment variables, so that the application sees it as properties too, such as
 * {@code cluster.worker.slot}.
 *
 * @param id counts up from 1 with every fork and is never used twice
 * @param slot its place in the cluster, from 0, or {@link #NO_SLOT} for a spare
 * @param generation the generation of code and configuration that it runs
 * @param port the port that the workers share
 * @param primaryPid the process id of the primary
 * @param directory a directory of the cluster's own for files that may be lost
 */
public record WorkerIdentity(int id, int slot, int generation, int port, long primaryPid, String directory) {

	/**
	 * Stands for the slot of a spare, which has none yet.
	 */
	public static final int NO_SLOT = -1;

	/**
	 * The variable with the worker's id, set in workers only.
	 */
	public static final String ID = "CLUSTER_WORKER_ID";

	/**
	 * The variable with a name for the worker's files that no other living worker has.
	 */
	public static final String NAME = "CLUSTER_WORKER_NAME";

	/**
	 * The variable with a number that no other living worker has, for its ports.
	 */
	public static final String OFFSET = "CLUSTER_WORKER_OFFSET";

	/**
	 * The variable with the primary's process id.
	 */
	public static final String PRIMARY_PID = "CLUSTER_PRIMARY_PID";

	/**
	 * The system property with the worker's id. A process that a worker starts inherits
	 * its variables, but not its command line.
	 */
	public static final String MARK = "cluster.worker.id";

	private static final String SLOT = "CLUSTER_WORKER_SLOT";

	private static final String GENERATION = "CLUSTER_WORKER_GENERATION";

	private static final String PORT = "CLUSTER_WORKER_PORT";

	private static final String DIRECTORY = "CLUSTER_WORKER_DIRECTORY";

	/**
	 * All variables, set in workers only.
	 */
	public static final Set<String> NAMES = Set.of(ID, SLOT, GENERATION, PORT, PRIMARY_PID, DIRECTORY);

	/**
	 * Read the identity from the environment of a worker.
	 * @param variables the environment variables
	 * @return the identity, or {@code null} if the variables are not all there
	 */
	public static @Nullable WorkerIdentity find(Map<String, String> variables) {
		if (!variables.keySet().containsAll(NAMES)) {
			return null;
		}
		return new WorkerIdentity(Integer.parseInt(variables.get(ID)), Integer.parseInt(variables.get(SLOT)),
				Integer.parseInt(variables.get(GENERATION)), Integer.parseInt(variables.get(PORT)),
				Long.parseLong(variables.get(PRIMARY_PID)), variables.get(DIRECTORY));
	}

	/**
	 * Return the same worker in another slot.
	 * @param slot the slot
	 * @return who the worker is from then on
	 */
	public WorkerIdentity inSlot(int slot) {
		return new WorkerIdentity(this.id, slot, this.generation, this.port, this.primaryPid, this.directory);
	}

	/**
	 * Return the environment variables that tell a worker who it is.
	 * @return the variables
	 */
	public Map<String, String> toVariables() {
		return Map.of(ID, String.valueOf(this.id), SLOT, String.valueOf(this.slot), GENERATION,
				String.valueOf(this.generation), PORT, String.valueOf(this.port), PRIMARY_PID,
				String.valueOf(this.primaryPid), DIRECTORY, this.directory);
	}

}
