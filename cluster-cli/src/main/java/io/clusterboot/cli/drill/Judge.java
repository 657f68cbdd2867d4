package io.clusterboot.cli.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.clusterboot.IncidentSnapshot;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStatus;
import io.clusterboot.cli.drill.Sample.Result;

/**
 * Judges what was measured.
 */
final class Judge {

	private Judge() {
	}

	/**
	 * Judge a first worker that did not start.
	 * @param step the part of the drill
	 * @param exitCode how the primary ended
	 * @param output what was printed
	 * @return the finding
	 */
	static Finding noStart(String step, int exitCode, List<String> output) {
		return new Finding(step, "does not start: exit code " + exitCode, StartFailure.cause(output, last(output)),
				"start it by hand as the drill does, and see what it prints: java -jar with --cluster.workers=2");
	}

	/**
	 * Judge a primary that ended though nobody wanted that.
	 * @param step the part of the drill
	 * @param exitCode how it ended
	 * @param output what was printed
	 * @return the finding
	 */
	static Finding gone(String step, int exitCode, List<String> output) {
		return new Finding(step, "the whole cluster has ended: exit code " + exitCode, last(output),
				"let nothing in the application send signals to its parent, and look for what else does");
	}

	private static String last(List<String> output) {
		return output.stream()
			.filter((line) -> !line.isBlank())
			.reduce((earlier, later) -> later)
			.map(String::strip)
			.orElse("it printed nothing");
	}

	/**
	 * Judge a start that was that of a plain application.
	 * @param step the part of the drill
	 * @param output what was printed
	 * @return the finding
	 */
	static Finding noCluster(String step, List<String> output) {
		String reason = output.stream()
			.filter((line) -> line.contains(" WARN ") && line.contains("luster"))
			.findFirst()
			.orElse("nothing says why, so cluster-spring-boot-starter may not be in it");
		return new Finding(step, "starts, but not as a cluster", reason.strip(),
				"add the dependency cluster-spring-boot-starter, and serve by the embedded Tomcat");
	}

	/**
	 * Judge a worker that did not start while another served.
	 * @param step the part of the drill
	 * @param incident its end
	 * @return the finding
	 */
	static Finding notTwice(String step, IncidentSnapshot incident) {
		String cause = StartFailure.cause(incident.output(), incident.detail());
		return new Finding(step, "cannot run twice side by side: " + cause,
				"worker %d of slot %d, started while another one served: %s".formatted(incident.worker(),
						incident.slot(), incident.detail()),
				StartFailure.change(cause));
	}

	/**
	 * Judge a cluster of fewer than two.
	 * @param step the part of the drill
	 * @param workers how many workers there are to be
	 * @return the finding
	 */
	static Finding alone(String step, int workers) {
		return new Finding(step, "nobody takes over from a worker that ends",
				"cluster.workers is " + workers + " by the arguments of the application", "have two workers at least");
	}

	/**
	 * Judge requests while nothing else goes on.
	 * @param step the part of the drill
	 * @param window the requests
	 * @return what was found
	 */
	static List<Finding> load(String step, Window window) {
		Window failed = window.failed();
		Window refused = window.only((sample) -> sample.result() == Result.REFUSED);
		List<Finding> findings = new ArrayList<>();
		for (Map.Entry<String, Window> path : failed.byPath().entrySet()) {
			findings.add(new Finding(step,
					"%s fails while nothing else goes on: %d of %d requests".formatted(path.getKey(),
							path.getValue().size(), window.byPath().get(path.getKey()).size()),
					path.getValue().describe(), "name a --path that works, and what it needs"));
		}
		if (!refused.isEmpty()) {
			findings.add(new Finding(step, "nobody listens: " + refused.describe(), "not known",
					"see what the application printed then"));
		}
		return findings;
	}

	/**
	 * Judge a reload that brings what is live already.
	 * @param step the part of the drill
	 * @param reload the reload
	 * @param window the requests meanwhile
	 * @param log what was printed meanwhile
	 * @return what was found
	 */
	static List<Finding> reload(String step, ReloadSnapshot reload, Window window, List<String> log) {
		List<Finding> findings = new ArrayList<>();
		if (reload.status() != ReloadStatus.SUCCEEDED) {
			String cause = StartFailure.cause(reload.output(), String.valueOf(reload.reason()));
			findings.add(new Finding(step, "the same jar does not go live again: " + reload.reason(), cause,
					StartFailure.change(cause)));
		}
		findings.addAll(Endings.judge(step, orRefused(window), log, List.of()));
		return findings;
	}

	private static Window orRefused(Window window) {
		return new Window(window.samples()
			.stream()
			.map((sample) -> (sample.result() != Result.REFUSED) ? sample
					: new Sample(sample.path(), sample.begun(), sample.took(), Result.BROKEN, sample.detail()))
			.toList());
	}

	/**
	 * Judge the requests while a worker came to a sudden end. Those that it had are lost.
	 * @param step the part of the drill
	 * @param window the requests
	 * @param gone when the worker's process was gone, by {@link System#nanoTime()}
	 * @return what was found
	 */
	static List<Finding> death(String step, Window window, long gone) {
		Window late = orRefused(window).failed().only((sample) -> !sample.isBegunBy(gone));
		return (late.isEmpty()) ? List.of()
				: List.of(new Finding(step,
						"%s failed that began after the worker was gone: %s"
							.formatted(Words.count(late.size(), "request"), late.describe()),
						"the other worker did not answer them", "see what the application printed then"));
	}

	/**
	 * Judge a worker that was not replaced.
	 * @param step the part of the drill
	 * @param limit how long that was waited for
	 * @param incidents ends of workers meanwhile, with what they printed
	 * @return the finding
	 */
	static Finding notBack(String step, Duration limit, List<IncidentSnapshot> incidents) {
		String cause = incidents.stream()
			.reduce((earlier, later) -> later)
			.map((incident) -> "worker %d: %s: %s".formatted(incident.worker(), incident.detail(),
					StartFailure.cause(incident.output(), "it printed no exception")))
			.orElse("its replacement has neither failed nor become ready");
		return new Finding(step, "not all workers were back after " + Words.seconds(limit), cause,
				StartFailure.change(cause));
	}

	/**
	 * Judge a worker that stands still and is not replaced.
	 * @param step the part of the drill
	 * @param limit how long that was waited for
	 * @return the finding
	 */
	static Finding notNoticed(String step, Duration limit) {
		return new Finding(step, "a worker that stood still was there after " + Words.seconds(limit),
				"cluster.worker.hang-timeout is more than that, by the arguments of the application",
				"set cluster.worker.hang-timeout to what clients can wait for");
	}

	/**
	 * Judge whether the service went on.
	 * @param step the part of the drill
	 * @param window the requests
	 * @param from when one worker stood still, by {@link System#nanoTime()}
	 * @param until when it was gone
	 * @return what was found
	 */
	static List<Finding> service(String step, Window window, long from, long until) {
		boolean answered = window.samples()
			.stream()
			.anyMatch((sample) -> sample.result() == Result.ANSWERED && !sample.isBegunBy(from)
					&& sample.ended() - until < 0);
		return (answered) ? List.of()
				: List.of(new Finding(step, "nobody was answered while one worker stood still",
						"the other one waited for it, or has all its threads busy",
						"let no worker wait for another without a time-out: locks, messages, databases"));
	}

	/**
	 * Judge a reload with a jar that cannot run.
	 * @param step the part of the drill
	 * @param reload the reload
	 * @param unchanged whether the workers are those from before
	 * @param window the requests meanwhile
	 * @return what was found
	 */
	static List<Finding> broken(String step, ReloadSnapshot reload, boolean unchanged, Window window) {
		List<Finding> findings = new ArrayList<>();
		if (reload.status() == ReloadStatus.SUCCEEDED || !unchanged) {
			findings.add(new Finding(step, "a broken jar has replaced workers",
					"reload %d: %s, %s".formatted(reload.id(), reload.status(), reload.reason()),
					"leave cluster.staging.enabled on, so that workers run a copy"));
		}
		Window failed = orRefused(window).failed();
		if (!failed.isEmpty()) {
			findings.add(new Finding(step,
					"%s failed: %s".formatted(Words.count(failed.size(), "request"), failed.describe()),
					"the old workers were to go on as if nothing happened",
					"leave cluster.staging.enabled on, so that workers run a copy"));
		}
		return findings;
	}

}
