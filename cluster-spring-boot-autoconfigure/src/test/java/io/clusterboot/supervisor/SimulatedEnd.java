package io.clusterboot.supervisor;

import java.util.random.RandomGenerator;

import io.clusterboot.IncidentCause;
import io.clusterboot.contract.ExitEvidence;

/**
 * How a {@link SimulatedWorker} ends.
 *
 * @param code its exit code
 * @param evidence what else tells why
 */
record SimulatedEnd(int code, ExitEvidence evidence) {

	static final SimulatedEnd KILLED = of(137);

	static final SimulatedEnd TERMINATED = of(143);

	// Exit codes above say which signal it was
	private static final int SIGNALS = 128;

	static SimulatedEnd of(int code) {
		return new SimulatedEnd(code, ExitEvidence.NONE);
	}

	/**
	 * Return an end that nobody wanted.
	 * @param random what decides
	 * @param code the exit code if it simply exits
	 * @return the end
	 */
	static SimulatedEnd any(RandomGenerator random, int code) {
		return switch (random.nextInt(5)) {
			case 0 -> new SimulatedEnd(3, new ExitEvidence(true, false, null));
			case 1 -> new SimulatedEnd(KILLED.code(), new ExitEvidence(false, true, null));
			case 2 -> new SimulatedEnd(134, new ExitEvidence(false, false, "hs_err_pid1.log"));
			case 3 -> KILLED;
			default -> of(code);
		};
	}

	/**
	 * Return why a worker ended that nobody had asked to.
	 * @param ready whether it had been ready
	 * @return the cause
	 */
	IncidentCause cause(boolean ready) {
		if (this.evidence.kernelKill()) {
			return IncidentCause.KERNEL_OOM_KILL;
		}
		if (this.evidence.outOfMemory()) {
			return IncidentCause.OUT_OF_MEMORY;
		}
		if (this.evidence.errorFile() != null) {
			return IncidentCause.CRASH;
		}
		if (!ready) {
			return IncidentCause.START_FAILURE;
		}
		return (this.code > SIGNALS) ? IncidentCause.SIGNAL : IncidentCause.EXIT_CODE;
	}

}
