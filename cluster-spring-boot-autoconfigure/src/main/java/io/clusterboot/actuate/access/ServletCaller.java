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

	private static final Set<String> RELAY_HEADERS = Set.of("forwarded", "via", "x-real-ip");

	private static final String RELAY_HEADER_PREFIX = "x-forwarded-";

	// Set by Tomcat's RemoteIpValve, which removes the headers that it has followed.
	private static final String TOMCAT_FORWARDED = "org.apache.tomcat.request.forwarded";

	// HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE, without the need for spring-webmvc
	private static final String PATH_VARIABLES = "org.springframework.web.servlet.HandlerMapping.uriTemplateVariables";

	private static final String ORIGIN = "Origin";

	private static final String SITE = "Sec-Fetch-Site";

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
					page(request, attributes.getRequest()), operation(request));
		}
		return Caller.UNKNOWN;
	}

	/**
	 * Return whether the current request came by the side door of this worker.
	 * @return whether it is for this worker alone
	 */
	public static boolean isBySideDoor() {
		return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
				&& attributes.getRequest().getAttribute(PeerAttribute.SIDE_DOOR) != null;
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

	/**
	 * Set headers of the current response.
	 * @param headers their names and values
	 * @return the last segment of the current request's path, or {@code null} if no
	 * header could be set
	 */
	public static @Nullable String respondWith(Map<String, String> headers) {
		if (!(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)
				|| attributes.getResponse() == null) {
			return null;
		}
		headers.forEach(attributes.getResponse()::setHeader);
		String path = attributes.getRequest().getRequestURI();
		return path.substring(path.lastIndexOf('/') + 1);
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
		if (request.getAttribute(TOMCAT_FORWARDED) != null) {
			return "X-Forwarded-For";
		}
		// Nobody in between, so the name that the page has for us is the one in the
		// request
		return (isOrigin(request, host(request))) ? page(request, request) : ORIGIN;
	}

	// A browser says of every request that a page has it make whether the page is of the
	// same origin; an old one, or one that does not trust the connection, only of a POST
	// and only which origin that is
	private static @Nullable String page(HttpServletRequest request, HttpServletRequest forwarded) {
		List<String> sites = Collections.list(request.getHeaders(SITE));
		if (!sites.isEmpty()) {
			return (sites.stream().allMatch("same-origin"::equals)) ? null : SITE;
		}
		return (isOrigin(request, host(request)) || isOrigin(request, authority(forwarded))) ? null : ORIGIN;
	}

	private static boolean isOrigin(HttpServletRequest request, String authority) {
		return Collections.list(request.getHeaders(ORIGIN))
			.stream()
			.allMatch((origin) -> origin.equalsIgnoreCase("http://" + authority)
					|| origin.equalsIgnoreCase("https://" + authority));
	}

	private static String host(HttpServletRequest request) {
		String host = request.getHeader("Host");
		return (host != null) ? host : authority(request);
	}

	private static String authority(HttpServletRequest request) {
		int port = request.getServerPort();
		return request.getServerName() + ((port == ((request.isSecure()) ? 443 : 80)) ? "" : ":" + port);
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
