package io.clusterboot.bootstrap;

import java.util.regex.Pattern;

/**
 * Tells the URL of a database that is a file, which one process opens and others must
 * leave alone.
 */
final class DatabaseFile {

	private static final Pattern URL = Pattern
		.compile("(?i)(?:jdbc|r2dbc):(?:[\\w-]+:)*?(?:" + String.join("|", "h2:(?!mem:|tcp:|ssl:|zip:).+",
				"hsqldb:(?!mem:|hsqls?:|https?:|res:|\\.$).+", "derby:(?!memory:|//|classpath:|jar:).+",
				"(?:sqlite|duckdb):(?!:memory:|:resource:|file::memory:).+") + ")");

	private DatabaseFile() {
	}

	static boolean isMeantBy(String url) {
		return URL.matcher(url).matches();
	}

}
