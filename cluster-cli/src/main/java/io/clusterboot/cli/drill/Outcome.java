package io.clusterboot.cli.drill;

import java.util.List;

/**
 * What a part of the drill has shown.
 *
 * @param summary what was seen
 * @param findings what was found
 */
record Outcome(String summary, List<Finding> findings) {

	static Outcome of(Finding finding) {
		return new Outcome(finding.what(), List.of(finding));
	}

}
