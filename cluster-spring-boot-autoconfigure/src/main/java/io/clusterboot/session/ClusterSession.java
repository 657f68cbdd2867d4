package io.clusterboot.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.IndexResolver;
import org.springframework.session.Session;
import org.springframework.session.SessionIdGenerator;

/**
 * A session as one request sees it. An attribute is read when it is asked for; what is
 * set, removed or changed by a setter is kept when the session is saved. As any session
 * of a web application it is for the threads of one request, one at a time.
 */
public final class ClusterSession implements Session {

	private static final String SECURITY_CONTEXT = "SPRING_SECURITY_CONTEXT";

	private final Attributes attributes;

	private final SessionIdGenerator ids;

	// What was read, or null where it cannot be
	private final Map<String, @Nullable Object> values = new HashMap<>();

	// What was set, or null where it was removed
	private final Map<String, @Nullable Object> changes = new LinkedHashMap<>();

	private String id;

	private boolean idChanged;

	private Duration interval;

	private boolean intervalChanged;

	private Instant accessed;

	private Kept kept;

	// Who finds it in the store finds it alive, whenever it was told to be accessed last
	private final Instant found = Instant.now();

	ClusterSession(Attributes attributes, SessionIdGenerator ids, Kept kept) {
		this.attributes = attributes;
		this.ids = ids;
		this.id = kept.id();
		this.interval = kept.session().interval();
		this.accessed = kept.session().accessed();
		this.kept = kept;
	}

	Kept kept() {
		return this.kept;
	}

	boolean isIdChanged() {
		return this.idChanged;
	}

	/**
	 * Return what has changed. An attribute that was set to what it was has not.
	 * @param resolver who knows whose a session is
	 * @return the changes
	 */
	SessionChanges changes(IndexResolver<Session> resolver) {
		Map<String, byte @Nullable []> changed = new LinkedHashMap<>();
		this.changes.forEach((name, value) -> {
			byte[] before = this.kept.session().attributes().get(name);
			byte[] after = (value != null) ? this.attributes.write(name, value) : null;
			if (!Arrays.equals(before, after)) {
				changed.put(name, after);
			}
		});
		return new SessionChanges(changed, this.accessed, (this.intervalChanged) ? this.interval : null,
				(changed.containsKey(SECURITY_CONTEXT)
						|| changed.containsKey(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME))
								? SessionChanges.Principal.of(resolver.resolveIndexesFor(this),
										FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME)
								: null);
	}

	void saved(Kept now) {
		this.kept = now;
		this.values.putAll(this.changes);
		this.changes.clear();
		this.idChanged = false;
		this.intervalChanged = false;
	}

	@Override
	public String getId() {
		return this.id;
	}

	@Override
	public String changeSessionId() {
		this.id = this.ids.generate();
		this.idChanged = true;
		return this.id;
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> @Nullable T getAttribute(String name) {
		return (T) value(name);
	}

	private @Nullable Object value(String name) {
		if (this.changes.containsKey(name)) {
			return this.changes.get(name);
		}
		if (!this.values.containsKey(name)) {
			byte[] bytes = this.kept.session().attributes().get(name);
			this.values.put(name, (bytes != null) ? this.attributes.read(name, bytes) : null);
		}
		return this.values.get(name);
	}

	@Override
	public Set<String> getAttributeNames() {
		Set<String> names = new LinkedHashSet<>(this.kept.session().attributes().keySet());
		names.removeIf((name) -> this.values.containsKey(name) && this.values.get(name) == null);
		this.changes.forEach((name, value) -> {
			if (value != null) {
				names.add(name);
			}
			else {
				names.remove(name);
			}
		});
		return names;
	}

	@Override
	public void setAttribute(String name, @Nullable Object value) {
		this.changes.put(name, value);
	}

	@Override
	public void removeAttribute(String name) {
		this.changes.put(name, null);
	}

	@Override
	public Instant getCreationTime() {
		return this.kept.session().created();
	}

	@Override
	public void setLastAccessedTime(Instant time) {
		this.accessed = time;
	}

	/**
	 * Return when the session was accessed last before this request, to the minute.
	 */
	@Override
	public Instant getLastAccessedTime() {
		return this.accessed;
	}

	@Override
	public void setMaxInactiveInterval(Duration interval) {
		this.interval = interval;
		this.intervalChanged = true;
	}

	@Override
	public Duration getMaxInactiveInterval() {
		return this.interval;
	}

	@Override
	public boolean isExpired() {
		Instant alive = (this.accessed.isAfter(this.found)) ? this.accessed : this.found;
		return !this.interval.isNegative() && Duration.between(alive, Instant.now()).compareTo(this.interval) >= 0;
	}

	/**
	 * What is in the store, or will be where the version is that of what is not there.
	 *
	 * @param id the id under which it is found
	 * @param session the session
	 * @param version its version
	 */
	record Kept(String id, StoredSession session, long version) {

	}

}
