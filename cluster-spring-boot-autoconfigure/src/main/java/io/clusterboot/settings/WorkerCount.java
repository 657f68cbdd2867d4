package io.clusterboot.settings;

import java.util.Locale;
import java.util.regex.Pattern;

import io.clusterboot.machine.MachineMemory;
import org.jspecify.annotations.Nullable;

/**
 * The number of workers that {@code cluster.workers} asks for.
 *
 * @param count the number of workers, 0 if the cluster is off
 */
public record WorkerCount(int count) {

	/**
	 * The name of the property.
	 */
	public static final String PROPERTY = "cluster.workers";

	private static final int PER_PROCESSOR = 8;

	// About what a worker of a small application takes
	private static final long MEMORY_PER_WORKER = 128L * 1024 * 1024;

	private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

	private static final Pattern FEWER = Pattern.compile("-[1-9][0-9]{0,8}");

	/**
	 * Parse a value, relative to the processors of this JVM.
	 * @param value the value or {@code null} if the property is not set
	 * @return the number of workers
	 * @throws InvalidClusterPropertyException if the value is not allowed
	 */
	public static WorkerCount parse(@Nullable String value) {
		return parse(value, Runtime.getRuntime().availableProcessors());
	}

	static WorkerCount parse(@Nullable String value, int processors) {
		String text = (value != null) ? value.trim().toLowerCase(Locale.ROOT) : "";
		// YAML reads an unquoted off as the boolean false
		if (text.isEmpty() || text.equals("off") || text.equals("false")) {
			return new WorkerCount(0);
		}
		if (text.equals("max")) {
			return new WorkerCount(processors);
		}
		if (NUMBER.matcher(text).matches()) {
			return new WorkerCount(Integer.parseInt(text));
		}
		if (FEWER.matcher(text).matches()) {
			return new WorkerCount(Math.max(1, processors + Integer.parseInt(text)));
		}
		throw new InvalidClusterPropertyException(PROPERTY, String.valueOf(value),
				"a number of workers (1 or more), 'max' for one per available processor (here " + processors
						+ "), a negative number for that many fewer (at least one remains),"
						+ " or 'off' or 0 to run without a cluster",
				null);
	}

	/**
	 * Return whether a value depends on the processors.
	 * @param value an allowed value or {@code null} if the property is not set
	 * @return whether it is {@code max} or a negative number
	 */
	public static boolean isRelative(@Nullable String value) {
		return value != null && (value.trim().equalsIgnoreCase("max") || value.trim().startsWith("-"));
	}

	/**
	 * Return how many workers there may be where nobody has set a limit: never fewer than
	 * these.
	 * @return the limit
	 */
	public int limitOfMachine() {
		return limit(Runtime.getRuntime().availableProcessors(), new MachineMemory().size());
	}

	int limit(int processors, long memory) {
		long limit = Math.min((long) PER_PROCESSOR * processors, memory / MEMORY_PER_WORKER);
		return (int) Math.max(Math.max(1, this.count), limit);
	}

	/**
	 * Return whether there is to be no cluster.
	 * @return whether the cluster is off
	 */
	public boolean isOff() {
		return this.count == 0;
	}

}
