package io.clusterboot.actuate.access;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.Principal;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import io.clusterboot.contract.PeerAttribute;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Finds the {@link Caller} in the current servlet request and tells it where to go on.
 * The only class here that needs the servlet API and spring-web.
 */
public final class ServletCaller {

	// A browser sends the last two for every page that makes it POST, so a page from
	// anywhere cannot use the rights of the user who looks at it.
	private static final Set<String> RELAY_HEADERS = Set.of("forwarded", "via", "x-real-ip", "origin",
			"sec-fetch-site");

	private static final String RELAY_HEADER_PREFIX = "x-forwarded-";

	// Set by Tomcat's RemoteIpValve, which removes the headers that it has followed.
	private static final String TOMCAT_FORWARDED = "org.apache.tomcat.request.forwarded";

	// HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE, without the need for spring-webmvc
	private static final String PATH_VARIABLES = "org.springframework.web.servlet.HandlerMapping.uriTemplateVariables";

	private static final Set<String> OPERATIONS = Set.of("reload", "scale", "shutdown", "reloads", "incidents");

	// As in reloads/1/abort
	private static final int LONGEST_OPERATION = 3;

	private ServletCaller() {
	}

	public static Caller current() {
		if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
				&& unwrap(attributes.getRequest()) instanceof HttpServletRequest request) {
			// Spring Security gives its answer by a wrapper
			Principal principal = attributes.getRequest().getUserPrincipal();
			return new Caller(peer(request), server(request), request.getHeader("Host"),
					(principal != null) ? String.valueOf(principal.getName()) : null, relay(request),
					operation(request));
		}
		return Caller.UNKNOWN;
	}

	/**
	 * Make a resource of the endpoint the {@code Location} of the current response.
	 * @param resource the resource's path, behind the path of the endpoint
	 * @param operation the rest of the current request's path, behind the path of the
	 * endpoint
	 * @return the whole path, or {@code null} if the current request's is another
	 */
	public static @Nullable String announce(String resource, String operation) {
		if (!(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)) {
			return null;
		}
		// With what a ForwardedHeaderFilter makes of it: the path that the caller knows
		String path = attributes.getRequest().getRequestURI();
		if (!path.endsWith(operation)) {
			return null;
		}
		String href = path.substring(0, path.length() - operation.length()) + resource;
		HttpServletResponse response = attributes.getResponse();
		if (response != null) {
			response.setHeader("Location", href);
		}
		return href;
	}

	// A ForwardedHeaderFilter hides the headers that it has followed
	private static ServletRequest unwrap(ServletRequest request) {
		ServletRequest unwrapped = request;
		while (unwrapped instanceof ServletRequestWrapper wrapper) {
			unwrapped = wrapper.getRequest();
		}
		return unwrapped;
	}

	private static @Nullable InetSocketAddress peer(HttpServletRequest request) {
		return (request.getAttribute(PeerAttribute.NAME) instanceof Supplier<?> peer
				&& peer.get() instanceof InetSocketAddress address) ? address : null;
	}

	private static @Nullable InetSocketAddress server(HttpServletRequest request) {
		String address = request.getLocalAddr();
		if (address == null) {
			return null;
		}
		try {
			return new InetSocketAddress(InetAddress.getByName(address), request.getLocalPort());
		}
		catch (UnknownHostException ex) {
			return null;
		}
	}

	private static @Nullable String relay(HttpServletRequest request) {
		for (String name : Collections.list(request.getHeaderNames())) {
			String lowerCase = name.toLowerCase(Locale.ROOT);
			if (RELAY_HEADERS.contains(lowerCase) || lowerCase.startsWith(RELAY_HEADER_PREFIX)) {
				return name;
			}
		}
		return (request.getAttribute(TOMCAT_FORWARDED) != null) ? "X-Forwarded-For" : null;
	}

	private static @Nullable String operation(HttpServletRequest request) {
		return (request.getAttribute(PATH_VARIABLES) instanceof Map<?, ?> variables)
				? (variables.get("operation") instanceof String operation) ? operation : null
				: operation(request.getRequestURI());
	}

	// Where no Spring MVC serves the endpoint, such as Jersey. A path without any of them
	// contradicts all of them, so it is refused
	public static String operation(String path) {
		List<String> segments = List.of(path.split("/"));
		return segments.subList(Math.max(0, segments.size() - LONGEST_OPERATION), segments.size())
			.stream()
			.filter(OPERATIONS::contains)
			.reduce("", (first, second) -> second);
	}

}
