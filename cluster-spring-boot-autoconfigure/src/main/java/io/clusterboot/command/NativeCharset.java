package io.clusterboot.command;

import java.nio.charset.Charset;
import java.util.Collection;

/**
 * The character set in which this platform's processes get their arguments.
 */
final class NativeCharset {

	private static final char REPLACEMENT = '\uFFFD';

	private static final Charset CHARSET = detect();

	private NativeCharset() {
	}

	static String decode(byte[] bytes) {
		return new String(bytes, CHARSET);
	}

	static byte[] encode(String string) {
		return string.getBytes(CHARSET);
	}

	static boolean canRoundTrip(Collection<String> strings) {
		return strings.stream()
			.allMatch((string) -> string.indexOf(REPLACEMENT) < 0 && CHARSET.newEncoder().canEncode(string));
	}

	private static Charset detect() {
		// ProcessImpl encodes with this since JDK 18 and with the default charset before.
		// There the two differ only under -Dfile.encoding, a flag that the JVM which
		// starts the workers does not get.
		String name = System.getProperty("sun.jnu.encoding", Charset.defaultCharset().name());
		return (Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset());
	}

}
