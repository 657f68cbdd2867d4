package io.clusterboot.cli.drill;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.clusterboot.cli.drill.Step.Verdict;

/**
 * Does to an application what may happen to it, one thing after the other.
 */
public final class Drill {

	private final Setup setup;

	private final Audience audience;

	private final Subject subject;

	private final List<Step> steps = new ArrayList<>();

	private Drill(Setup setup, Audience audience, Subject subject) {
		this.setup = setup;
		this.audience = audience;
		this.subject = subject;
	}

	/**
	 * Make sure that a jar is a whole application.
	 * @param jar the jar
	 * @throws IllegalArgumentException if it is not, with the reason
	 */
	public static void requireApplication(Path jar) {
		Jars.check(jar);
	}

	/**
	 * Do it all. Nothing of it runs afterwards, however it ends.
	 * @param setup what is to be drilled, and how
	 * @param audience hears how far it is, and says for how long it may go on
	 * @return how it ended
	 * @throws IOException if it could not be done
	 */
	public static Report run(Setup setup, Audience audience) throws IOException {
		try (Subject subject = new Subject(setup)) {
			audience.started(subject.port());
			return new Drill(setup, audience, subject).run();
		}
	}

	private Report run() throws IOException {
		Start start = new Start(this.setup, this.audience, this.subject);
		step("start", start::run);
		try (Load load = new Load(this.subject.port(), this.setup.paths(), this.setup.rate())) {
			Trials trials = new Trials(this.setup, this.audience, this.subject, load, start.limit());
			boolean serves = start.workers() > 0;
			boolean several = start.workers() > 1;
			stepIf(serves, "load", trials::load);
			stepIf(several, "reload", trials::reload);
			stepIf(several, "kill", trials::kill);
			stepIf(several, "suspend", trials::suspend);
			stepIf(several, "broken jar", trials::brokenJars);
			stepIf(serves, "stop", trials::stop);
		}
		return Report.of(this.setup.jar(), this.setup.output(), this.steps);
	}

	private void stepIf(boolean possible, String name, Trial trial) throws IOException {
		if (possible && this.subject.isAlive()) {
			step(name, trial);
		}
		else {
			add(new Step(name, Verdict.SKIPPED, Duration.ZERO, "not tried, because of what was found before",
					List.of()));
		}
	}

	private void step(String name, Trial trial) throws IOException {
		this.audience.begins(name);
		long begin = System.nanoTime();
		Outcome outcome;
		try {
			outcome = trial.run(name);
		}
		catch (IOException ex) {
			if (!this.subject.isDying()) {
				throw ex;
			}
			outcome = Outcome.of(Judge.gone(name, this.subject.exitCode(), this.subject.output(0)));
		}
		add(new Step(name, (outcome.findings().isEmpty()) ? Verdict.PASSED : Verdict.FAILED,
				Duration.ofNanos(System.nanoTime() - begin), outcome.summary(), outcome.findings()));
	}

	private void add(Step step) {
		this.steps.add(step);
		this.audience.ended(step);
	}

	/**
	 * A part of the drill.
	 */
	@FunctionalInterface
	private interface Trial {

		Outcome run(String step) throws IOException;

	}

}
