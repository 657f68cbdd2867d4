package io.clusterboot.cli.drill;

import java.time.Duration;
import java.util.List;

/**
 * A part of the drill.
 *
 * @param name what was tried
 * @param verdict how that ended
 * @param took how long it took
 * @param summary what was seen
 * @param findings what was found, none if it has passed
 */
public record Step(String name, Verdict verdict, Duration took, String summary, List<Finding> findings) {

	public Step {
		findings = List.copyOf(findings);
	}

	/**
	 * How a part of the drill ended.
	 */
	public enum Verdict {

		/**
		 * Nothing was found.
		 */
		PASSED,

		/**
		 * Something was found.
		 */
		FAILED,

		/**
		 * It was not tried, because of what was found before.
		 */
		SKIPPED

	}

}
