package io.clusterboot.evidence;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.clusterboot.command.ArgumentFiles;
import io.clusterboot.command.OptionsVariable;
import io.clusterboot.command.WorkerCommand;
import io.clusterboot.contract.ExitEvidence;
import io.clusterboot.contract.ExitStatus;
import io.clusterboot.machine.OomKills;

/**
 * Looks for what says why one process ended. Create it just before the process starts.
 */
public final class EvidenceCollector {

	private final OomKills oomKills;

	private final boolean owned;

	private final long oomKillsBefore;

	private final Instant started = Instant.now();

	private final Path directory;

	private final List<String> options = new ArrayList<>();

	private volatile boolean killed;

	/**
	 * Create a collector for a process.
	 * @param builder what starts it
	 * @param oomKills what the kernel has killed
	 * @param owned whether it will be this process's user as long as it lives
	 */
	public EvidenceCollector(ProcessBuilder builder, OomKills oomKills, boolean owned) {
		this.owned = owned;
		this.oomKills = oomKills;
		this.oomKillsBefore = oomKills.count();
		this.directory = ((builder.directory() != null) ? builder.directory().toPath() : Path.of("")).toAbsolutePath();
		this.options.addAll(builder.command());
		for (String name : WorkerCommand.VARIABLES) {
			String value = builder.environment().get(name);
			// Argument files in them stay closed: at worst a file is not found
			this.options.addAll(OptionsVariable.parse("", value, new ArgumentFiles(this.directory)).options());
		}
	}

	/**
	 * Say that the process is about to be sent SIGKILL, so that this is no riddle.
	 */
	public void killed() {
		this.killed = true;
	}

	/**
	 * Look for what there is, in files too.
	 * @param pid the id that the process had
	 * @param status how it ended
	 * @param output the last lines that it printed
	 * @return the evidence
	 */
	public ExitEvidence collect(long pid, ExitStatus status, List<String> output) {
		boolean kernelKill = status.code() == ExitStatus.KILLED && !this.killed
				&& this.oomKills.explain(this.oomKillsBefore);
		Path errorFile = ErrorFile.find(pid, this.started, this.directory, this.options, this.owned);
		return new ExitEvidence(OutOfMemory.hasEnded(status.code(), output), kernelKill,
				(errorFile != null) ? errorFile.toString() : null);
	}

}
