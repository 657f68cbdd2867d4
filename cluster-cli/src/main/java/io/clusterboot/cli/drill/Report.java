package io.clusterboot.cli.drill;

import java.nio.file.Path;
import java.util.List;

/**
 * How the drill ended.
 *
 * @param passed whether the application is fit to run as a cluster, as far as this can
 * tell
 * @param application its jar
 * @param output the file that has what the application and the primary printed
 * @param steps what was tried
 */
public record Report(boolean passed, Path application, Path output, List<Step> steps) {

	public Report {
		steps = List.copyOf(steps);
	}

	static Report of(Path application, Path output, List<Step> steps) {
		return new Report(steps.stream().allMatch((step) -> step.verdict() == Step.Verdict.PASSED), application, output,
				steps);
	}

	public List<Finding> findings() {
		return this.steps.stream().flatMap((step) -> step.findings().stream()).toList();
	}

}
