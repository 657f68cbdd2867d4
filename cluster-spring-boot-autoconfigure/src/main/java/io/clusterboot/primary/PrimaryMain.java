package io.clusterboot.primary;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import io.clusterboot.code.StagingDirectory;
import io.clusterboot.listen.ReusePortGroup;
import io.clusterboot.output.OutputTarget;
import io.clusterboot.output.PrimaryLog;
import io.clusterboot.posix.Descriptor;

/**
 * The main class of the lean JVM that takes the launcher's place.
 */
public final class PrimaryMain {

	private PrimaryMain() {
	}

	/**
	 * Run the cluster.
	 * @param args the number of the descriptor that the settings are read from, and a
	 * title for the list of processes
	 * @throws IOException if what the launcher left cannot be used
	 */
	public static void main(String[] args) throws IOException {
		Thread.currentThread().setName("cluster-primary");
		int settingsDescriptor = Integer.parseInt(args[0]);
		// Before anything native is needed, so that its failure can be told and tidied up
		PrimarySettings settings = PrimarySettings
			.read(Files.readAllBytes(Path.of("/proc/self/fd/" + settingsDescriptor)));
		PrimaryLog log = new PrimaryLog(new OutputTarget(System.out), Clock.systemDefaultZone(),
				ProcessHandle.current().pid(), settings.applicationName(), settings.structuredLog());
		StagingDirectory staging = StagingDirectory.of(Path.of(settings.directory()));
		int code = run(settings, settingsDescriptor, staging, log);
		staging.delete();
		String pidFile = settings.pidFile();
		if (pidFile != null) {
			deletePidFile(pidFile, log);
		}
		log.flush();
		// Without hooks: there are none, and workers that are left drain by themselves
		Runtime.getRuntime().halt(code);
	}

	static void deletePidFile(String pidFile, PrimaryLog log) {
		try {
			Files.deleteIfExists(Path.of(pidFile));
		}
		catch (IOException | RuntimeException ex) {
			// The exit code matters more
			log.warn("The PID file %s cannot be deleted: %s".formatted(pidFile, ex));
		}
	}

	private static int run(PrimarySettings settings, int settingsDescriptor, StagingDirectory staging, PrimaryLog log) {
		try {
			Descriptor.inherited(settingsDescriptor).close();
			List<Descriptor> sockets = new ArrayList<>();
			for (int socket : settings.sockets()) {
				sockets.add(Descriptor.inherited(socket));
			}
			staging.lock();
			return new ClusterPrimary(settings, staging, ReusePortGroup.inherited(sockets, settings.ipv6()), log).run();
		}
		catch (IOException | InterruptedException | RuntimeException | LinkageError | OutOfMemoryError ex) {
			StringWriter trace = new StringWriter();
			ex.printStackTrace(new PrintWriter(trace));
			log.error("The primary failed, its workers drain and exit: " + trace);
			return 1;
		}
	}

}
