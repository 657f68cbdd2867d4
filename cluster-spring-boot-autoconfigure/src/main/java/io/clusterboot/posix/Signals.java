package io.clusterboot.posix;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

import com.sun.jna.LastErrorException;

/**
 * Signals to others, as far as the JDK does not send them, and signal handlers, for which
 * the JDK has only {@code sun.misc.Signal} (module jdk.unsupported, open to all). It is
 * used by reflection because javac's warning about it cannot be suppressed. Each arrival
 * of a signal runs its handler on a new thread.
 */
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
			Class<?> signalType = Class.forName("sun.misc.Signal");
			Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
			Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] { handlerType },
					(self, method, arguments) -> {
						if (method.getDeclaringClass() == Object.class) {
							return method.invoke(handler, arguments);
						}
						handler.run();
						return null;
					});
			Object previous = signalType.getMethod("handle", signalType, handlerType)
				.invoke(null, signalType.getConstructor(String.class).newInstance(name), proxy);
			// HotSpot leaves an ignored signal ignored and says so only here, see
			// JVM_RegisterSignal in src/hotspot/os/posix/signals_posix.cpp
			return previous != handlerType.getField("SIG_IGN").get(null);
		}
		catch (InvocationTargetException ex) {
			return false;
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("This JDK has no sun.misc.Signal", ex);
		}
	}

	/**
	 * Have this process go on if it is stopped when its parent ends, so that it notices.
	 * That holds for as long as the thread lives that asks for it: see prctl(2),
	 * {@code PR_SET_PDEATHSIG}.
	 * @throws PosixException if the kernel refuses
	 */
	public static void continueWithoutParent() throws PosixException {
		try {
			LibC.prctl(LibC.PR_SET_PDEATHSIG, LibC.SIGCONT, 0, 0, 0);
		}
		catch (LastErrorException ex) {
			throw new PosixException("prctl(PR_SET_PDEATHSIG)", ex);
		}
	}

	/**
	 * Send SIGQUIT, upon which a JVM prints what its threads do.
	 * @param process the process; one that has ended gets nothing
	 * @return whether it was sent: not if the process belongs to another user
	 */
	public static boolean quit(Process process) {
		try {
			// Its pid may be another's once it has ended. Process.destroy does the same,
			// and says why that will do: ProcessImpl.destroy in the JDK
			return process.isAlive() && LibC.kill((int) process.pid(), LibC.SIGQUIT) == 0;
		}
		catch (LastErrorException ex) {
			return false;
		}
	}

}
