package io.clusterboot.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Several words in one.
 */
final class Words {

	private static final char SEPARATOR = '\u0001';

	private Words() {
	}

	static String join(List<String> words) {
		return words.stream()
			.map((word) -> word.replace(SEPARATOR, ' '))
			.collect(Collectors.joining(String.valueOf(SEPARATOR)));
	}

	static List<String> split(String joined) {
		List<String> words = new ArrayList<>();
		int start = 0;
		for (int end = joined.indexOf(SEPARATOR); end >= 0; end = joined.indexOf(SEPARATOR, start)) {
			words.add(joined.substring(start, end));
			start = end + 1;
		}
		words.add(joined.substring(start));
		return words;
	}

}
