package io.clusterboot.actuate.forward;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;

/**
 * Where the actuator and the endpoint of the cluster are, below the path of the
 * {@code DispatcherServlet}.
 *
 * @param base the path of the actuator, such as {@code /actuator}, or nothing
 * @param cluster the path of the cluster's endpoint, such as {@code /actuator/cluster}
 * @param roots the first segments of the paths of all endpoints
 */
public record ActuatorPaths(String base, String cluster, Collection<String> roots) {

	private static final String WORKERS = "/workers/";

	/**
	 * Return what requests are to be handled.
	 * @return patterns of paths
	 */
	public List<String> patterns() {
		return List.of(this.cluster + WORKERS + "{slot}", this.cluster + WORKERS + "{slot}/**");
	}

	/**
	 * Return the path of the cluster's endpoint in the index of the actuator.
	 * @return the path, which begins with a slash
	 */
	String clusterPath() {
		return this.cluster.substring(this.base.length());
	}

	/**
	 * Find what a request is for.
	 * @param request the request
	 * @return a path of a worker
	 * @throws ForwardException if it is for nothing that may be passed on
	 */
	Target find(HttpServletRequest request) throws ForwardException {
		String uri = original(request).getRequestURI();
		String marker = this.cluster + WORKERS;
		int found = uri.indexOf(marker);
		if (found < 0) {
			throw notFound("Write '%s' as it is.".formatted(marker));
		}
		String[] parts = uri.substring(found + marker.length()).split("/", 2);
		String rest = (parts.length > 1) ? parts[1] : "";
		requirePassable(rest);
		String query = request.getQueryString();
		String path = uri.substring(0, found) + this.base + ((rest.isEmpty()) ? "" : "/" + rest);
		// What the caller knows it as, as a ForwardedHeaderFilter may say
		String url = request.getRequestURL().toString();
		int slot = url.indexOf(marker) + marker.length();
		return new Target(slot(parts[0]), ((path.isEmpty()) ? "/" : path) + ((query != null) ? "?" + query : ""),
				rest.isEmpty(), url.substring(0, slot) + parts[0], url.substring(0, slot - WORKERS.length()));
	}

	private void requirePassable(String rest) throws ForwardException {
		List<String> segments = Arrays.stream(rest.split("/")).map(ActuatorPaths::decode).toList();
		if (segments.stream().anyMatch((segment) -> segment.equals(".") || segment.equals(".."))) {
			throw notFound("The path must not lead upwards.");
		}
		if (("/" + String.join("/", segments) + "/").startsWith(clusterPath() + "/")) {
			throw notFound("The cluster is not one worker's: ask '%s'.".formatted(this.cluster));
		}
		// Where nothing tells endpoints from the application
		if (this.base.isEmpty() && !this.roots.contains(segments.get(0))) {
			throw notFound("There is no endpoint '%s'.".formatted(segments.get(0)));
		}
	}

	private static String decode(String segment) {
		try {
			String whole = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
			return whole.split(";", 2)[0];
		}
		catch (IllegalArgumentException ex) {
			return segment;
		}
	}

	private static int slot(String text) throws ForwardException {
		try {
			return Integer.parseUnsignedInt(text);
		}
		catch (NumberFormatException ex) {
			throw notFound("'%s' is no slot: use its number, from 0.".formatted(text));
		}
	}

	private static ForwardException notFound(String reason) {
		return new ForwardException(ForwardException.NOT_FOUND, reason);
	}

	private static HttpServletRequest original(HttpServletRequest request) {
		ServletRequest unwrapped = request;
		while (unwrapped instanceof ServletRequestWrapper wrapper) {
			unwrapped = wrapper.getRequest();
		}
		return (unwrapped instanceof HttpServletRequest original) ? original : request;
	}

	/**
	 * What a request is for.
	 *
	 * @param slot the slot of the worker
	 * @param path the path and the query for the worker
	 * @param isIndex whether it is the index of its actuator
	 * @param url where the caller found the index
	 * @param cluster where the caller finds the cluster
	 */
	record Target(int slot, String path, boolean isIndex, String url, String cluster) {

	}

}
