package io.clusterboot.actuate.forward;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import jakarta.servlet.http.HttpServletRequest;

/**
 * Which headers go on to the worker and back. What the caller says of themselves does,
 * for the worker is the same application and asks for it as this one has; what is about
 * one connection does not, nor what has been decided by here: which page or proxy the
 * request came from.
 */
final class ForwardedHeaders {

	private static final Set<String> HOP_BY_HOP = Set.of("connection", "keep-alive", "proxy-connection",
			"proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade",
			"content-length");

	// A body that is compressed could not be read here
	private static final Set<String> NOT_THERE = Set.of("host", "expect", "accept-encoding", "http2-settings", "origin",
			"referer", "forwarded", "via", "x-real-ip");

	private static final List<String> NOT_THERE_PREFIXES = List.of("sec-", "x-forwarded-");

	// A session there is none here
	private static final Set<String> NOT_BACK = Set.of("date", "set-cookie", "alt-svc");

	private ForwardedHeaders() {
	}

	static List<Map.Entry<String, String>> there(HttpServletRequest request) {
		List<Map.Entry<String, String>> all = new ArrayList<>();
		Collections.list(request.getHeaderNames())
			.forEach((name) -> Collections.list(request.getHeaders(name))
				.forEach((value) -> all.add(Map.entry(name, value))));
		return without(all, NOT_THERE).filter((header) -> {
			String name = header.getKey().toLowerCase(Locale.ROOT);
			return NOT_THERE_PREFIXES.stream().noneMatch(name::startsWith);
		}).toList();
	}

	static List<Map.Entry<String, String>> back(List<Map.Entry<String, String>> headers) {
		return without(headers, NOT_BACK).toList();
	}

	private static Stream<Map.Entry<String, String>> without(List<Map.Entry<String, String>> headers,
			Set<String> dropped) {
		Collection<String> named = headers.stream()
			.filter((header) -> header.getKey().equalsIgnoreCase("Connection"))
			.flatMap((header) -> Arrays.stream(header.getValue().toLowerCase(Locale.ROOT).split(",")))
			.map(String::strip)
			.toList();
		return headers.stream().filter((header) -> {
			String name = header.getKey().toLowerCase(Locale.ROOT);
			return !HOP_BY_HOP.contains(name) && !dropped.contains(name) && !named.contains(name);
		});
	}

}
