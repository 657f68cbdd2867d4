package io.clusterboot.contract;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request that a new worker answers before it serves.
 *
 * @param method {@code GET} or {@code HEAD}: nothing else is sure to change nothing
 * @param path the path, with its query if it has one, as it is sent
 */
public record WarmUpRequest(String method, String path) {

	/**
	 * The user agent that sends them, by the side door.
	 */
	public static final String USER_AGENT = "cluster-warm-up";

	// What a server accepts as it is; anything else has to be escaped
	private static final Pattern PATH = Pattern.compile("/[!-~&&[^#]]*");

	private static final Pattern FORM = Pattern.compile("(?:(GET|HEAD) +)?(" + PATH + ")");

	private static final String DEFAULT_METHOD = "GET";

	/**
	 * Read a request.
	 * @param text a path, or a method and a path
	 * @return the request
	 * @throws IllegalArgumentException if it is something else
	 */
	public static WarmUpRequest parse(String text) {
		Matcher matcher = FORM.matcher(text);
		if (!matcher.matches()) {
			throw new IllegalArgumentException("'%s' is no request".formatted(text));
		}
		return new WarmUpRequest(Objects.requireNonNullElse(matcher.group(1), DEFAULT_METHOD), matcher.group(2));
	}

	/**
	 * Return whether something can be sent as a path as it is.
	 * @param text a path, with its query if it has one
	 * @return whether it can
	 */
	public static boolean isPath(String text) {
		return PATH.matcher(text).matches();
	}

	@Override
	public String toString() {
		return this.method + " " + this.path;
	}

}
