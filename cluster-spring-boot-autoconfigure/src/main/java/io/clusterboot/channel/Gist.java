package io.clusterboot.channel;

import java.util.regex.Pattern;

/**
 * What is the same in all texts that differ only in numbers.
 */
final class Gist {

	private static final int LONGEST = 300;

	// Of names of threads, locks and files
	private static final Pattern NUMBERS = Pattern.compile("(?:0x|@)[0-9a-fA-F]++|[a-fA-F]{0,16}[0-9][0-9a-fA-F]*+");

	private Gist() {
	}

	static String of(String text) {
		String gist = NUMBERS.matcher(text).replaceAll("#");
		return gist.substring(0, Math.min(gist.length(), LONGEST));
	}

}
