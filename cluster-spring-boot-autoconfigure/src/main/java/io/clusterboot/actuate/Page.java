package io.clusterboot.actuate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.clusterboot.actuate.access.CallerCheck;
import io.clusterboot.actuate.access.ServletCaller;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.util.MimeType;

/**
 * The page that a browser gets, a file beside this class as are its script and its style
 * sheet. The browser is told to run and load nothing else, wherever it may come from.
 */
final class Page {

	/**
	 * What the page is offered as. Whoever accepts anything gets JSON, which Spring MVC
	 * prefers because its name comes first.
	 */
	static final String MEDIA_TYPE = "text/html";

	static final MimeType JSON = new MimeType("application", "json");

	private static final Map<String, String> HEADERS = Map.of("Content-Security-Policy",
			"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
					+ "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
			"X-Content-Type-Options", "nosniff", "Referrer-Policy", "no-referrer", "Cache-Control", "no-store", "Vary",
			"Accept");

	private static final Map<String, MimeType> FILES = Map.of("page.js", text("javascript"), "page.css", text("css"));

	private static final String FOLDER = "cluster/";

	private Page() {
	}

	/**
	 * Return the page.
	 * @return the answer to the current request, or {@code null} if its headers cannot be
	 * set
	 */
	static @Nullable WebEndpointResponse<Object> html() {
		String name = prepare();
		if (name == null) {
			return null;
		}
		// The endpoint may have been mapped to another path, and what is in it comes from
		// the caller
		String folder = (name.matches("[\\w.~%-]+")) ? name + "/" : (name.isEmpty()) ? "" : FOLDER;
		return new WebEndpointResponse<>(read("page.html").replace(FOLDER, folder), WebEndpointResponse.STATUS_OK,
				text("html"));
	}

	/**
	 * Return a file that the page needs.
	 * @param name its name
	 * @return the answer to the current request, or {@code null} if there is no such file
	 */
	static @Nullable WebEndpointResponse<Object> file(String name) {
		MimeType type = FILES.get(name);
		return (type != null && prepare() != null)
				? new WebEndpointResponse<>(read(name), WebEndpointResponse.STATUS_OK, type) : null;
	}

	private static @Nullable String prepare() {
		return (CallerCheck.isServletApiPresent()) ? ServletCaller.respondWith(HEADERS) : null;
	}

	private static MimeType text(String subtype) {
		return new MimeType("text", subtype, StandardCharsets.UTF_8);
	}

	private static String read(String name) {
		try (InputStream file = Page.class.getResourceAsStream(name)) {
			if (file == null) {
				throw new IllegalStateException("'" + name + "' is missing");
			}
			return new String(file.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
