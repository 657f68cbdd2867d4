package io.clusterboot.supervisor;

import java.time.Duration;
import java.time.Instant;

import io.clusterboot.IncidentCause;
import io.clusterboot.channel.Message;
import io.clusterboot.supervisor.table.LifeCycle;
import io.clusterboot.supervisor.table.Report;
import io.clusterboot.supervisor.table.Slot;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;

/**
 * Replaces workers of which is known, before they end, that they cannot or must not go
 * on.
 */
final class Replacements {

	private final Workers workers;

	private final LifeCycle life;

	private final Reloads reloads;

	private final Generations generations;

	private final Respawns respawns;

	private final Incidents incidents;

	private final Deadlines deadlines;

	private final Shutdown shutdown;

	private final Repetitions repetitions;

	Replacements(Workers workers, LifeCycle life, Reloads reloads, Generations generations, Respawns respawns,
			Incidents incidents, Deadlines deadlines, Shutdown shutdown, Repetitions repetitions) {
		this.workers = workers;
		this.life = life;
		this.reloads = reloads;
		this.generations = generations;
		this.respawns = respawns;
		this.incidents = incidents;
		this.deadlines = deadlines;
		this.shutdown = shutdown;
		this.repetitions = repetitions;
	}

	/**
	 * A worker says that it should be replaced. It can wait for its replacement.
	 * @param worker the worker
	 * @param message what it says
	 */
	void reported(Worker worker, Message.Unhealthy message) {
		if (worker.isEnding()) {
			return;
		}
		this.deadlines.heard(worker);
		Report report = Report.of(message);
		this.repetitions.add(worker, report);
		boolean enough = this.repetitions.areEnough(worker.generation(), report);
		if (enough && report.isBearable()) {
			ignore(worker, report, message.detail());
			return;
		}
		this.incidents.open(worker, message.cause(), message.detail(), message.threadDump());
		this.workers.warn("%s reports: %s", worker, message.detail());
		Duration delay = this.repetitions.delay(worker, report.cause());
		if (enough) {
			delay = this.workers.settings().respawnFailedDelay();
			if (this.repetitions.tell(worker.generation(), report)) {
				this.workers.error(
						"%s reports what fresh workers did before: workers are replaced because of it only every %s from now on. %s",
						worker, Workers.seconds(delay), report.advice());
			}
		}
		boolean excused = report.cause() != IncidentCause.STALL && this.repetitions.isOld(worker, report);
		replace(worker, report, message.detail(), "reports: " + message.detail(), delay, excused);
	}

	/**
	 * A worker was told to end by somebody else. It can wait for its replacement.
	 * @param worker the worker
	 * @param reason by what
	 */
	void leaves(Worker worker, String reason) {
		Report report = new Report(IncidentCause.SIGNAL, reason);
		replace(worker, report, reason, "leaves (%s)".formatted(reason), this.repetitions.delay(worker, report.cause()),
				false);
	}

	private void replace(Worker worker, Report report, String reason, String how, Duration delay, boolean excused) {
		if (this.shutdown.isBegun()) {
			return;
		}
		boolean known = worker.defect() != null;
		boolean live = worker.generation() == this.generations.live();
		worker.defective(report);
		if (known && (excused || live)) {
			return;
		}
		this.life.markForReplacement(worker, reason);
		Slot slot = worker.slot();
		boolean current = slot.current() == worker && !worker.isSpare();
		boolean needed = slot.next() == worker && (excused || (live && slot.current() == null));
		if (needed || (current && (excused || live))) {
			slot.notBefore(latest(slot.notBefore(), this.workers.now().plus(delay)));
		}
		else if (current) {
			this.reloads.lostCurrent(worker, how);
		}
		else {
			this.life.retire(worker, false, reason);
			this.respawns.lost(worker, how, false);
		}
	}

	private void ignore(Worker worker, Report report, String detail) {
		if (this.repetitions.tell(worker.generation(), report)) {
			this.workers.error("%s reports what fresh workers did before: %s; that is ignored from now on. %s", worker,
					detail, report.advice());
			this.workers.all()
				.stream()
				.filter((other) -> report.equals(other.defect()) && other.generation() == worker.generation())
				.filter((other) -> !other.isEnding() && other.slot().current() == other && other.slot().next() == null)
				.forEach(this::keep);
		}
		else {
			this.workers.info("%s reports: %s; ignored", worker, detail);
		}
	}

	private void keep(Worker worker) {
		worker.recovered();
		this.incidents.withdraw(worker);
		this.workers.info("%s is not replaced after all: fresh workers report the same", worker);
	}

	private static Instant latest(Instant one, Instant other) {
		return (one.isAfter(other)) ? one : other;
	}

	/**
	 * A worker could not be given the socket without which it cannot serve.
	 * @param worker the worker
	 * @param slot the slot whose socket it is
	 * @param reason why
	 */
	void withoutSocket(Worker worker, int slot, String reason) {
		String detail = "slot %d has no socket for it: %s".formatted(slot, reason);
		this.workers.error("%s cannot serve: %s", worker, detail);
		this.incidents.open(worker, IncidentCause.START_FAILURE, detail, null);
		this.life.kill(worker, detail);
	}

}
