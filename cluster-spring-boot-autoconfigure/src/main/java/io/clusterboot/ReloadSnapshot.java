package io.clusterboot;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One reload at one moment.
 *
 * @param id counts up from 1
 * @param trigger how it was asked for: {@code http}, {@code api}, {@code SIGHUP} or
 * {@code SIGUSR2}
 * @param requester who asked for it, as far as that is known, or {@code null}
 * @param strategy how it replaces the workers
 * @param status how far it is
 * @param reason why it failed, or {@code null}
 * @param fromGeneration the generation that it replaces
 * @param toGeneration the generation that it makes
 * @param started when it began, or when it was asked for as long as it waits
 * @param finished when it ended, or {@code null}
 * @param steps what it did to the slots, in order
 * @param canary the worker that went first, or {@code null} if none does or did yet
 * @param losses what was lost meanwhile, or {@code null} if it has not begun
 * @param output the last lines that the worker printed because of which it failed
 */
public record ReloadSnapshot(int id, String trigger, @Nullable String requester, ReloadStrategy strategy,
		ReloadStatus status, @Nullable String reason, int fromGeneration, int toGeneration, Instant started,
		@Nullable Instant finished, List<ReloadStepSnapshot> steps, @Nullable CanarySnapshot canary,
		@Nullable LossSnapshot losses, List<String> output) {

	public ReloadSnapshot {
		steps = List.copyOf(steps);
		output = List.copyOf(output);
	}

}
