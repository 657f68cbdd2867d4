package io.clusterboot.bootstrap;

import java.util.List;

/**
 * How a call of {@code SpringApplication.run} came about: the thread and its frames.
 *
 * @param thread the name of the thread
 * @param frames the frames, innermost first
 */
record CallStack(String thread, List<Frame> frames) {

	private static final String APPLICATION = "org.springframework.boot.SpringApplication";

	private static final String BUILDER = "org.springframework.boot.builder.SpringApplicationBuilder";

	private static final String RUN_DESCRIPTOR = "([Ljava/lang/String;)"
			+ "Lorg/springframework/context/ConfigurableApplicationContext;";

	private static final List<String> TEST_PREFIXES = List.of("org.junit.", "org.testng.",
			"org.springframework.boot.test.", "org.springframework.test.", "cucumber.", "io.cucumber.",
			"org.spockframework.", "org.apache.maven.surefire.", "com.intellij.rt.junit", "com.intellij.rt.testng",
			"org.gradle.", "worker.org.gradle.", "org.eclipse.jdt.internal.junit", "com.microsoft.java.test.");

	static CallStack current() {
		// Without the option JDK 25 refuses to tell descriptors
		List<Frame> frames = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
			.walk((stream) -> stream.map(Frame::of).toList());
		return new CallStack(Thread.currentThread().getName(), frames);
	}

	/**
	 * Return whether another application is being run further out.
	 * @return whether the run is nested
	 */
	boolean isNested() {
		return this.frames.stream().filter(Frame::isApplicationRun).count() > 1;
	}

	/**
	 * Return whether a builder runs the application to be the parent of the one that it
	 * was asked to run.
	 * @return whether the run is that of a parent
	 */
	boolean isParent() {
		return this.frames.stream().anyMatch((frame) -> frame.is(BUILDER, "configureAsChildIfNecessary"));
	}

	boolean isTest() {
		return this.frames.stream().anyMatch((frame) -> TEST_PREFIXES.stream().anyMatch(frame.className()::startsWith));
	}

	boolean isDevToolsRestart() {
		return "restartedMain".equals(this.thread);
	}

	/**
	 * Return whether the JVM's launcher called the main method that led here. The name of
	 * the thread says it, its id does not: on JDK 25 the main thread is not the first.
	 * @return whether the call comes from a main method on the main thread
	 */
	boolean isMain() {
		return "main".equals(this.thread) && !this.frames.isEmpty()
				&& "main".equals(this.frames.get(this.frames.size() - 1).methodName());
	}

	/**
	 * One frame of the stack.
	 *
	 * @param className the name of the class
	 * @param methodName the name of the method
	 * @param descriptor the descriptor of the method
	 */
	record Frame(String className, String methodName, String descriptor) {

		private static Frame of(StackWalker.StackFrame frame) {
			return new Frame(frame.getClassName(), frame.getMethodName(), frame.getDescriptor());
		}

		private boolean isApplicationRun() {
			// The static variants of run end in this one
			return is(APPLICATION, "run") && RUN_DESCRIPTOR.equals(this.descriptor);
		}

		private boolean is(String className, String methodName) {
			return className.equals(this.className) && methodName.equals(this.methodName);
		}

	}

}
