package io.clusterboot.worker.watch;

import java.lang.Thread.UncaughtExceptionHandler;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

import io.clusterboot.IncidentCause;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.UncaughtPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Detects that a thread ended with something that nobody caught. What would have become
 * of that without this detector, still does.
 */
public final class UncaughtDetector implements Detector {

	private final UncaughtPolicy policy;

	// Beyond that nobody wants to know
	private static final int MAX_REPORTS = 20;

	private static final int MAX_WAITING = 100;

	private final BlockingQueue<String> found = new ArrayBlockingQueue<>(MAX_WAITING);

	private final Set<String> reported = new HashSet<>();

	private volatile boolean installed;

	public UncaughtDetector(UncaughtPolicy policy) {
		this.policy = policy;
	}

	/**
	 * Begin to hear of what nobody catches. The application may do the same, so that this
	 * has to be looked after.
	 */
	public void install() {
		if (this.policy == UncaughtPolicy.NONE) {
			return;
		}
		this.installed = true;
		UncaughtExceptionHandler current = Thread.getDefaultUncaughtExceptionHandler();
		if (!(current instanceof Handler handler && handler.detector() == this)) {
			// One of its own each time: the application's may call the one before
			Thread.setDefaultUncaughtExceptionHandler(new Handler(this, current));
		}
	}

	@Override
	public IncidentCause cause() {
		return IncidentCause.UNCAUGHT;
	}

	@Override
	public @Nullable String look(Tick tick) {
		if (this.installed) {
			install();
		}
		String found = this.found.peek();
		while (found != null && this.reported.contains(gist(found))) {
			this.found.remove();
			found = this.found.peek();
		}
		return found;
	}

	@Override
	public boolean goesOn() {
		this.reported.add(gist(this.found.remove()));
		return this.reported.size() < MAX_REPORTS;
	}

	private String gist(String detail) {
		return new Message.Unhealthy(cause(), detail, null).gist();
	}

	private void onUncaught(Thread thread, Throwable thrown) {
		boolean counts = this.policy == UncaughtPolicy.ANY
				|| (this.policy == UncaughtPolicy.ERROR && thrown instanceof Error);
		if (counts && !isStop(thrown)) {
			this.found.offer("Thread \"" + thread.getName() + "\" ended with " + describe(thrown));
		}
	}

	// The application's own code, in part
	private static String describe(Throwable thrown) {
		try {
			StackTraceElement[] frames = thrown.getStackTrace();
			return (frames.length > 0) ? thrown + " at " + frames[0] : thrown.toString();
		}
		catch (RuntimeException | Error ex) {
			return thrown.getClass().getName();
		}
	}

	// What ends a thread that was stopped, which is no failure and never printed
	private static boolean isStop(Throwable thrown) {
		return thrown.getClass().getName().equals("java.lang.ThreadDeath");
	}

	/**
	 * The handler for all threads that have none of their own.
	 *
	 * @param detector hears of it first
	 * @param next the handler that was there before, or {@code null}
	 */
	private record Handler(UncaughtDetector detector,
			@Nullable UncaughtExceptionHandler next) implements UncaughtExceptionHandler {

		@Override
		public void uncaughtException(Thread thread, Throwable thrown) {
			try {
				this.detector.onUncaught(thread, thrown);
			}
			finally {
				if (this.next != null) {
					this.next.uncaughtException(thread, thrown);
				}
				else if (!isStop(thrown)) {
					print(thread, thrown);
				}
			}
		}

		// As the JVM does where there is no handler
		private static void print(Thread thread, Throwable thrown) {
			System.err.print("Exception in thread \"" + thread.getName() + "\" ");
			thrown.printStackTrace(System.err);
		}

	}

}
