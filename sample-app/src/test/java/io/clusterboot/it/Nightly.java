package io.clusterboot.it;

import java.time.Duration;

/**
 * Whether this build may take hours. Tests then do what they do at the number that was
 * promised, and every cluster is started from the jar as it is.
 */
final class Nightly {

	private Nightly() {
	}

	static boolean isIt() {
		return Boolean.getBoolean("sample.it.nightly");
	}

	static int orElse(int nightly, int usual) {
		return isIt() ? nightly : usual;
	}

	static Duration orElse(Duration nightly, Duration usual) {
		return isIt() ? nightly : usual;
	}

}
