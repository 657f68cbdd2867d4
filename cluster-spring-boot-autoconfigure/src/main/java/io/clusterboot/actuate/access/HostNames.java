package io.clusterboot.actuate.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.function.SingletonSupplier;

/**
 * Tells names under which a host calls itself from those that somebody else has made up:
 * a page can have its own name resolved to an address of the host that it is looked at
 * from.
 */
final class HostNames {

	private static final Pattern ADDRESS = Pattern.compile("\\[.*\\]|\\d+(\\.\\d+){3}");

	private static final SingletonSupplier<Set<String>> OWN = SingletonSupplier.of(HostNames::own);

	private HostNames() {
	}

	/**
	 * Return whether a request is meant for this host by a name of its own.
	 * @param header the value of the header {@code Host}, or {@code null}
	 * @return whether it is missing, a loopback name, an address or a name of this host
	 */
	static boolean isOwn(@Nullable String header) {
		if (header == null) {
			return true;
		}
		String name = header.replaceFirst(":\\d*$", "").toLowerCase(Locale.ROOT);
		return name.equals("localhost") || name.endsWith(".localhost") || ADDRESS.matcher(name).matches()
				|| OWN.obtain().contains(name);
	}

	private static Set<String> own() {
		try {
			InetAddress host = InetAddress.getLocalHost();
			return Stream.of(host.getHostName(), host.getCanonicalHostName())
				.map((name) -> name.toLowerCase(Locale.ROOT))
				.collect(Collectors.toUnmodifiableSet());
		}
		catch (UnknownHostException ex) {
			return Set.of();
		}
	}

}
