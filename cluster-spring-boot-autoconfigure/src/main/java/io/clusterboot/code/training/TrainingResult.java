package io.clusterboot.code.training;

import org.jspecify.annotations.Nullable;

/**
 * What a training has come to.
 *
 * @param code what workers run from now on, or {@code null} for what they did before
 * @param worth what the archive is worth, or {@code null} if it was there before
 * @param failure why there is no archive, or {@code null}
 * @param refusal why the application must not be started for this, or {@code null}
 * @param priority the priority of its processes, {@code null} for the lowest
 */
public record TrainingResult(@Nullable TrainedCode code, @Nullable String worth, @Nullable String failure,
		@Nullable String refusal, @Nullable String priority) {

	/**
	 * Return the result of a training that failed altogether.
	 * @param failure why
	 * @return the result
	 */
	public static TrainingResult failed(String failure) {
		return new TrainingResult(null, null, failure, null, null);
	}

	/**
	 * Return the result of a training that the application must be spared.
	 * @param reason why
	 * @return the result
	 */
	static TrainingResult refused(String reason) {
		return new TrainingResult(null, null, null, reason, null);
	}

}
