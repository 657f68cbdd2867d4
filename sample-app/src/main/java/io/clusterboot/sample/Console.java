package io.clusterboot.sample;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Waits for commands from standard input before there is an application, as a console
 * does. Only with the system property {@code sample.console}.
 */
final class Console {

	private Console() {
	}

	static void open() {
		Thread thread = new Thread(Console::read, "sample-console");
		thread.setDaemon(true);
		thread.start();
	}

	private static void read() {
		try {
			int read = System.in.read();
			System.out.printf("Console of pid=%d read %d%n", ProcessHandle.current().pid(), read);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
