package io.clusterboot.worker;

import java.util.List;
import java.util.function.Predicate;

import io.clusterboot.channel.Requester;

/**
 * Which part of the application is running on the current thread.
 */
final class ApplicationCaller {

	private static final List<String> LIBRARIES = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", "jakarta.",
			"org.springframework.", "org.apache.", ApplicationCaller.class.getPackageName() + ".");

	private ApplicationCaller() {
	}

	/**
	 * Find the method nearest to here that belongs to no library which is known to stand
	 * in between.
	 * @return the thread and the method
	 */
	static Requester find() {
		String thread = "thread " + Thread.currentThread().getName();
		return new Requester("api",
				StackWalker.getInstance()
					.walk((frames) -> frames.filter(Predicate.not(ApplicationCaller::isLibrary))
						.findFirst()
						.map((frame) -> "%s, %s.%s".formatted(thread, frame.getClassName(), frame.getMethodName()))
						.orElse(thread)));
	}

	private static boolean isLibrary(StackWalker.StackFrame frame) {
		return LIBRARIES.stream().anyMatch(frame.getClassName()::startsWith);
	}

}
