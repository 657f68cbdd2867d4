package io.clusterboot.command;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * The options that every worker gets in addition to those of the user.
 */
public final class AddedOptions {

	/**
	 * What all workers together may use of the memory, in percent.
	 */
	private static final BigDecimal HEAP_PERCENTAGE = BigDecimal.valueOf(70);

	/**
	 * What a JVM takes by itself: MaxRAMPercentage in HotSpot's gc_globals.hpp.
	 */
	private static final BigDecimal JVM_PERCENTAGE = BigDecimal.valueOf(25);

	/**
	 * What the primary takes of it with what it keeps by default, in bytes.
	 */
	private static final long PRIMARY_MEMORY = 64L * 1024 * 1024;

	private static final long USUAL_STORE = 16L * 1024 * 1024;

	private static final String PROCESSORS = "-XX:ActiveProcessorCount=";

	// What Arguments::set_heap_size in HotSpot's arguments.cpp looks at, -mx being the
	// launcher's old name of -Xmx: ParseArguments in libjli/java.c
	private static final Pattern MAXIMUM_HEAP = Pattern
		.compile("-X?mx.+|-XX:(?:MaxHeapSize|MaxRAMPercentage|MaxRAMFraction)=.*|-XX:\\+AggressiveHeap");

	private static final Pattern OUT_OF_MEMORY = Pattern.compile(
			"-XX:[+-](?:ExitOnOutOfMemoryError|CrashOnOutOfMemoryError)|-XX:OnOutOfMemoryError=.*", Pattern.DOTALL);

	/**
	 * What workers cannot do without.
	 */
	public static final List<String> ALWAYS = List.of(
			// A received socket becomes a channel through a constructor in there
			"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
			// JNA; without it there is a warning since JDK 24: JEP 472
			"--enable-native-access=ALL-UNNAMED");

	private final Collection<String> given;

	private final IntSupplier processors;

	private final LongSupplier memory;

	private final long primaryMemory;

	/**
	 * Create the options.
	 * @param given all options of the user, wherever they come from
	 * @param processors how many processors each worker is told to use, or 0 for what it
	 * finds
	 * @param memory the memory of the machine in bytes
	 * @param storeSize how many bytes the primary may keep for the workers
	 */
	AddedOptions(Collection<String> given, IntSupplier processors, LongSupplier memory, long storeSize) {
		this.given = List.copyOf(given);
		this.processors = processors;
		this.memory = memory;
		this.primaryMemory = PRIMARY_MEMORY + Math.max(0, storeSize - USUAL_STORE);
	}

	/**
	 * Choose the options to add.
	 * @param workers how many workers share the machine
	 * @return the options to add
	 */
	List<String> choose(int workers) {
		List<String> added = new ArrayList<>(ALWAYS);
		added.removeAll(this.given);
		int processors = this.processors.getAsInt();
		if (processors > 0 && this.given.stream().noneMatch((option) -> option.startsWith(PROCESSORS))) {
			added.add(PROCESSORS + processors);
		}
		if (noneMatches(OUT_OF_MEMORY)) {
			added.add("-XX:+ExitOnOutOfMemoryError");
		}
		BigDecimal share = share(workers);
		if (share.compareTo(JVM_PERCENTAGE) < 0 && noneMatches(MAXIMUM_HEAP)) {
			added.add("-XX:MaxRAMPercentage=" + share.toPlainString());
		}
		return List.copyOf(added);
	}

	// Of the whole memory, because that is what the JVM takes the percentage of
	private BigDecimal share(int workers) {
		long whole = this.memory.getAsLong();
		long forWorkers = Math.max(whole - this.primaryMemory, whole / 2);
		return HEAP_PERCENTAGE.multiply(BigDecimal.valueOf(forWorkers))
			.divide(BigDecimal.valueOf(whole).multiply(BigDecimal.valueOf(workers)), 2, RoundingMode.HALF_UP);
	}

	private boolean noneMatches(Pattern pattern) {
		return this.given.stream().noneMatch((option) -> pattern.matcher(option).matches());
	}

}
