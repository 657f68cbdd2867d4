package io.clusterboot.posix;

import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Signal handlers, for which the JDK has only {@code sun.misc.Signal} (module
 * jdk.unsupported). Handlers run on a thread of their own, one for each signal.
 */
@SuppressWarnings("sunapi")
public final class Signals {

	private Signals() {
	}

	/**
	 * Handle a signal from now on.
	 * @param name the name without {@code SIG}
	 * @param handler what to do
	 * @return whether the signal will arrive: not if it was ignored when the process was
	 * started, as under {@code nohup}, or if the JVM was told to leave signals alone
	 */
	public static boolean handle(String name, Runnable handler) {
		try {
			// JVM_RegisterSignal in HotSpot leaves an ignored signal ignored, and says so
			// only here
			return Signal.handle(new Signal(name), (signal) -> handler.run()) != SignalHandler.SIG_IGN;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

}
