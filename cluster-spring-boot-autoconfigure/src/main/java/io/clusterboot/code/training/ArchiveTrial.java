package io.clusterboot.code.training;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Loads the classes that the application has loaded in its training start, and nothing
 * else of it, to find out how long that takes with an archive and without one. Runs in a
 * JVM of its own.
 */
public final class ArchiveTrial {

	private ArchiveTrial() {
	}

	public static void main(String[] args) throws IOException {
		ClassLoader loader = ClassLoader.getSystemClassLoader();
		for (String name : Files.readAllLines(Path.of(args[0]))) {
			try {
				Class.forName(name, false, loader);
			}
			catch (ClassNotFoundException | LinkageError ex) {
				// optional, as in the training start
			}
		}
		// Not that of the clock, which others on the machine make longer
		System.out.println(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
	}

}
