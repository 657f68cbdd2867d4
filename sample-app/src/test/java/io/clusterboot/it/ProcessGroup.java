package io.clusterboot.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * All processes that come from one launch, however they were started and whoever their
 * parent is: a variable in their environment marks them.
 */
class ProcessGroup {

	static final String VARIABLE = "SAMPLE_IT_LAUNCH";

	private final String mark = UUID.randomUUID().toString();

	String mark() {
		return this.mark;
	}

	List<ProcessHandle> alive() {
		return ProcessHandle.allProcesses().filter(this::isMarked).filter(ProcessHandle::isAlive).toList();
	}

	void killAll() {
		alive().forEach(ProcessHandle::destroyForcibly);
	}

	private boolean isMarked(ProcessHandle process) {
		try {
			String environment = Files.readString(Path.of("/proc/" + process.pid() + "/environ"),
					StandardCharsets.ISO_8859_1);
			return environment.contains(VARIABLE + "=" + this.mark);
		}
		catch (IOException ex) {
			// Gone, or another user's
			return false;
		}
	}

}
