package io.clusterboot.session;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What one request has changed of a session, to be done to whatever the session is by
 * then.
 *
 * @param attributes the bytes of each attribute that was set, or {@code null} for one
 * that was removed
 * @param accessed when the session was accessed
 * @param interval how long it is to live, or {@code null} as before
 * @param principal whose it is, or {@code null} as before
 */
record SessionChanges(Map<String, byte @Nullable []> attributes, Instant accessed, @Nullable Duration interval,
		@Nullable Principal principal) {

	// Who only reads costs no write, but that the time of the last access is right to the
	// minute
	private static final Duration UNTOLD = Duration.ofMinutes(1);

	boolean areNeededFor(StoredSession session) {
		return !this.attributes.isEmpty() || this.interval != null || this.principal != null
				|| session.accessed().plus(UNTOLD).isBefore(this.accessed);
	}

	StoredSession appliedTo(StoredSession session) {
		Map<String, byte[]> merged = new LinkedHashMap<>(session.attributes());
		this.attributes.forEach((name, bytes) -> {
			if (bytes != null) {
				merged.put(name, bytes);
			}
			else {
				merged.remove(name);
			}
		});
		return new StoredSession(session.created(),
				(this.accessed.isAfter(session.accessed())) ? this.accessed : session.accessed(),
				(this.interval != null) ? this.interval : session.interval(),
				(this.principal != null) ? this.principal.name() : session.principal(), merged);
	}

	/**
	 * Whose a session is now.
	 *
	 * @param name the name, or {@code null} for nobody's
	 */
	record Principal(@Nullable String name) {

		static Principal of(Map<String, String> indexes, String index) {
			return new Principal(indexes.get(index));
		}

	}

}
