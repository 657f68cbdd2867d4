package io.clusterboot.primary;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import io.clusterboot.posix.Descriptor;
import io.clusterboot.posix.ProcessImage;
import io.clusterboot.process.StagingDirectory;
import io.clusterboot.socket.ReusePortGroup;

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
		PrimarySettings settings = readSettings(Integer.parseInt(args[0]));
		PrimaryLog log = new PrimaryLog(System.out, Clock.systemDefaultZone(), ProcessHandle.current().pid(),
				settings.applicationName(), settings.structuredLog());
		List<Descriptor> sockets = new ArrayList<>();
		for (int socket : settings.sockets()) {
			sockets.add(Descriptor.inherited(socket));
		}
		int code = run(settings, ReusePortGroup.inherited(sockets, settings.ipv6()), log);
		tidyUp(settings);
		// Without hooks: there are none, and workers that are left drain by themselves
		Runtime.getRuntime().halt(code);
	}

	private static int run(PrimarySettings settings, ReusePortGroup sockets, PrimaryLog log) {
		try {
			return new ClusterPrimary(settings, sockets, log).run();
		}
		catch (IOException | InterruptedException | RuntimeException ex) {
			StringWriter trace = new StringWriter();
			ex.printStackTrace(new PrintWriter(trace));
			log.error("The primary failed, its workers drain and exit: " + trace);
			return 1;
		}
	}

	private static void tidyUp(PrimarySettings settings) throws IOException {
		StagingDirectory.of(Path.of(settings.directory())).delete();
		String pidFile = settings.pidFile();
		if (pidFile != null) {
			Files.deleteIfExists(Path.of(pidFile));
		}
	}

	private static PrimarySettings readSettings(int number) throws IOException {
		try (Descriptor descriptor = Descriptor.inherited(number)) {
			return PrimarySettings.read(Files.readAllBytes(ProcessImage.path(descriptor)));
		}
	}

}
