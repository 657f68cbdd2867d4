package io.clusterboot.primary;

import java.io.FileInputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.clusterboot.ReloadStrategy;
import io.clusterboot.contract.PrimaryEvent;
import io.clusterboot.output.PrimaryLog;
import io.clusterboot.posix.Signals;

/**
 * Turns the primary's signals into events. The exit codes are 128 and the signal's
 * number, as any JVM exits.
 */
final class PrimarySignals {

	private final Consumer<PrimaryEvent> events;

	private final PrimaryLog log;

	private final boolean terminal = hasTerminal();

	private final AtomicBoolean interrupted = new AtomicBoolean();

	PrimarySignals(Consumer<PrimaryEvent> events, PrimaryLog log) {
		this.events = events;
		this.log = log;
	}

	void register() {
		Signals.handle("TERM", () -> this.events.accept(new PrimaryEvent.ShutdownRequested("SIGTERM", 143)));
		Signals.handle("INT", this::onInterrupt);
		Signals.handle("USR2",
				() -> this.events.accept(new PrimaryEvent.ReloadRequested("SIGUSR2", ReloadStrategy.ROLLING)));
		Signals.handle("TTIN", () -> this.events.accept(new PrimaryEvent.ScaleRequested("SIGTTIN", 1)));
		Signals.handle("TTOU", () -> this.events.accept(new PrimaryEvent.ScaleRequested("SIGTTOU", -1)));
		if (!Signals.handle("HUP", this::onHangUp)) {
			this.log.warn("SIGHUP is ignored because this process was started with it ignored, as nohup does; "
					+ "to reload use SIGUSR2 or POST /actuator/cluster/reload");
		}
	}

	private void onInterrupt() {
		this.events
			.accept((this.interrupted.compareAndSet(false, true)) ? new PrimaryEvent.ShutdownRequested("SIGINT", 130)
					: new PrimaryEvent.StopRequested("second SIGINT", 130));
	}

	private void onHangUp() {
		this.events.accept((this.terminal && !hasTerminal())
				? new PrimaryEvent.ShutdownRequested("SIGHUP, the terminal is gone", 129)
				: new PrimaryEvent.ReloadRequested("SIGHUP", ReloadStrategy.PARALLEL));
	}

	// tty(4): opening /dev/tty fails in a process without a controlling terminal
	private static boolean hasTerminal() {
		try {
			new FileInputStream("/dev/tty").close();
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
