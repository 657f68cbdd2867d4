package io.clusterboot;

import java.util.Map;
import java.util.Set;

/**
 * What the workers answered who were asked together. Each that was asked is in one of the
 * four.
 *
 * @param <R> the type of an answer
 * @param answers the answers by worker id, without those that were {@code null}
 * @param failures why there is no answer, by worker id: a listener failed, nobody listens
 * to such a message, or too much waits for that worker already
 * @param left who has ended meanwhile
 * @param silent who has not answered in time
 */
public record ClusterAnswers<R>(Map<Integer, R> answers, Map<Integer, String> failures, Set<Integer> left,
		Set<Integer> silent) {

	public ClusterAnswers {
		answers = Map.copyOf(answers);
		failures = Map.copyOf(failures);
		left = Set.copyOf(left);
		silent = Set.copyOf(silent);
	}

	/**
	 * Return whether everybody has answered that is still there.
	 * @return whether nobody has failed or was silent
	 */
	public boolean isComplete() {
		return this.failures.isEmpty() && this.silent.isEmpty();
	}

}
