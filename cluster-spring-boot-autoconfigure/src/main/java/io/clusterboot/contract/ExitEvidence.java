package io.clusterboot.contract;

import org.jspecify.annotations.Nullable;

/**
 * What a process left behind that says why it ended.
 *
 * @param outOfMemory whether the JVM ended itself because it had no memory left
 * @param kernelKill whether the kernel has killed processes for want of memory meanwhile
 * @param errorFile the {@code hs_err} file of a JVM that crashed, or {@code null}
 */
public record ExitEvidence(boolean outOfMemory, boolean kernelKill, @Nullable String errorFile) {

	/**
	 * Nothing.
	 */
	public static final ExitEvidence NONE = new ExitEvidence(false, false, null);

}
