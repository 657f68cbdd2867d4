package io.clusterboot.process;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The options that every worker gets in addition to those of the user.
 */
final class AddedOptions {

	/**
	 * What all workers together may use of the memory, in percent.
	 */
	private static final BigDecimal HEAP_PERCENTAGE = BigDecimal.valueOf(70);

	// What Arguments::set_heap_size in HotSpot's arguments.cpp looks at, -mx being the
	// launcher's old name of -Xmx: ParseArguments in libjli/java.c
	private static final Pattern MAXIMUM_HEAP = Pattern
		.compile("-X?mx.+|-XX:(?:MaxHeapSize|MaxRAMPercentage|MaxRAMFraction)=.*|-XX:\\+AggressiveHeap");

	private static final Pattern OUT_OF_MEMORY = Pattern.compile(
			"-XX:[+-](?:ExitOnOutOfMemoryError|CrashOnOutOfMemoryError)|-XX:OnOutOfMemoryError=.*", Pattern.DOTALL);

	private static final List<String> ALWAYS = List.of(
			// A received socket becomes a channel through a constructor in there
			"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
			// JNA; without it there is a warning since JDK 24: JEP 472
			"--enable-native-access=ALL-UNNAMED");

	private AddedOptions() {
	}

	/**
	 * Choose the options to add.
	 * @param given all options of the user, wherever they come from
	 * @param workers how many workers share the machine
	 * @return the options to add
	 */
	static List<String> choose(Collection<String> given, int workers) {
		List<String> added = new ArrayList<>(ALWAYS);
		if (noneMatches(OUT_OF_MEMORY, given)) {
			added.add("-XX:+ExitOnOutOfMemoryError");
		}
		if (noneMatches(MAXIMUM_HEAP, given)) {
			BigDecimal share = HEAP_PERCENTAGE.divide(BigDecimal.valueOf(workers), 2, RoundingMode.DOWN);
			added.add("-XX:MaxRAMPercentage=" + share.toPlainString());
		}
		return List.copyOf(added);
	}

	private static boolean noneMatches(Pattern pattern, Collection<String> options) {
		return options.stream().noneMatch((option) -> pattern.matcher(option).matches());
	}

}
