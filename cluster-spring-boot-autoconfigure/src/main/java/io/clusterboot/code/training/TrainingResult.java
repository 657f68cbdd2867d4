package io.clusterboot.code.training;

import io.clusterboot.code.CodeCopy;
import org.jspecify.annotations.Nullable;

/**
 * What a training has come to.
 *
 * @param copy what workers run from now on, or {@code null} for what they did before
 * @param archive what the start has left behind for them, with its article, or
 * {@code null}
 * @param size the size of the archive in bytes
 * @param failure why there is no archive, or {@code null}
 * @param refusal why the application must not be started for this, or {@code null}
 */
public record TrainingResult(@Nullable CodeCopy copy, @Nullable String archive, long size, @Nullable String failure,
		@Nullable String refusal) {

	/**
	 * Return the result of a training that failed altogether.
	 * @param failure why
	 * @return the result
	 */
	public static TrainingResult failed(String failure) {
		return new TrainingResult(null, null, 0, failure, null);
	}

	/**
	 * Return the result of a training that the application must be spared.
	 * @param reason why
	 * @return the result
	 */
	public static TrainingResult refused(String reason) {
		return new TrainingResult(null, null, 0, null, reason);
	}

}
