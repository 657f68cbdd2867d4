package io.clusterboot.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import io.clusterboot.contract.SessionFormat;
import io.clusterboot.contract.StoreLimits;
import io.clusterboot.session.ClusterSession.Kept;
import io.clusterboot.store.ClusterStore;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.session.DelegatingIndexResolver;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.IndexResolver;
import org.springframework.session.MapSession;
import org.springframework.session.PrincipalNameIndexResolver;
import org.springframework.session.Session;
import org.springframework.session.SessionIdGenerator;
import org.springframework.session.UuidSessionIdGenerator;
import org.springframework.util.ClassUtils;

/**
 * Sessions that all workers share, in the store of the cluster. Who only reads one writes
 * nothing. Of two requests that change different attributes of a session at the same time
 * both win, of the same attribute the last. It publishes no events. Every method may be
 * called from any thread, and throws a {@link io.clusterboot.PrimaryUnavailableException}
 * where the store does.
 */
public final class ClusterSessionRepository implements FindByIndexNameSessionRepository<ClusterSession> {

	private static final Log logger = LogFactory.getLog(ClusterSessionRepository.class);

	private static final String PREFIX = "session:";

	// As long as the primary may live
	private static final Duration FOR_EVER = Duration.ofDays(3650);

	// For requests that began before the session had its new id
	private static final Duration LONGEST_REQUEST = Duration.ofMinutes(10);

	// Of those who write at the same time one always succeeds
	private static final int MOST_ATTEMPTS = 1000;

	private final ClusterStore store;

	private final Attributes attributes;

	private final ThreadLocal<Boolean> keepsNoNewSessions = new ThreadLocal<>();

	private IndexResolver<Session> indexResolver = new DelegatingIndexResolver<>(new PrincipalNameIndexResolver<>());

	private SessionIdGenerator sessionIdGenerator = UuidSessionIdGenerator.getInstance();

	private Duration defaultMaxInactiveInterval = MapSession.DEFAULT_MAX_INACTIVE_INTERVAL;

	/**
	 * Create the repository.
	 * @param store where the sessions are
	 * @param format how attributes become bytes
	 * @param classLoader the class loader of the application
	 * @throws IllegalStateException if the format needs a library that is not there
	 */
	public ClusterSessionRepository(ClusterStore store, SessionFormat format, ClassLoader classLoader) {
		this.store = store;
		this.attributes = new Attributes(
				(format == SessionFormat.JAVA) ? new JavaFormat(classLoader) : json(classLoader));
	}

	private static AttributeFormat json(ClassLoader classLoader) {
		if (!ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper", classLoader)) {
			throw new IllegalStateException("'cluster.session-format' is 'json', which needs Jackson. "
					+ "Add 'spring-boot-starter-jackson', or set 'cluster.session-format=java' or 'cluster.sessions=none'");
		}
		return new JsonFormat(classLoader);
	}

	/**
	 * Set how long a new session lives without being accessed.
	 * @param interval the time, 30 minutes by default; a negative one means for ever
	 */
	public void setDefaultMaxInactiveInterval(Duration interval) {
		this.defaultMaxInactiveInterval = interval;
	}

	/**
	 * Set who knows whose a session is. It is asked when a request has changed the
	 * security context or {@link #PRINCIPAL_NAME_INDEX_NAME}.
	 * @param indexResolver by default one that knows Spring Security
	 */
	public void setIndexResolver(IndexResolver<Session> indexResolver) {
		this.indexResolver = indexResolver;
	}

	/**
	 * Set what makes the ids of sessions.
	 * @param sessionIdGenerator by default random UUIDs
	 */
	public void setSessionIdGenerator(SessionIdGenerator sessionIdGenerator) {
		this.sessionIdGenerator = sessionIdGenerator;
	}

	/**
	 * Have no session kept that this thread makes.
	 * @param keepsNone whether none is kept from now on
	 */
	void keepNoNewSessions(boolean keepsNone) {
		if (keepsNone) {
			this.keepsNoNewSessions.set(true);
		}
		else {
			this.keepsNoNewSessions.remove();
		}
	}

	@Override
	public ClusterSession createSession() {
		Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
		return session(new Kept(this.sessionIdGenerator.generate(),
				new StoredSession(now, now, this.defaultMaxInactiveInterval, null, Map.of()), ClusterStore.ABSENT));
	}

	private ClusterSession session(Kept kept) {
		return new ClusterSession(this.attributes, this.sessionIdGenerator, kept);
	}

	@Override
	public @Nullable ClusterSession findById(String id) {
		// A client may ask for anything
		if (isTooLong(PREFIX + id)) {
			return null;
		}
		ClusterStore.Entry entry = this.store.renew(PREFIX + id, timeToLive(this.defaultMaxInactiveInterval));
		StoredSession session = (entry != null) ? StoredSession.of(entry.value()) : null;
		if (entry == null || session == null) {
			return null;
		}
		if (!session.interval().equals(this.defaultMaxInactiveInterval)) {
			this.store.renew(PREFIX + id, timeToLive(session.interval()));
		}
		return session(new Kept(id, session, entry.version()));
	}

	@Override
	public Map<String, ClusterSession> findByIndexNameAndIndexValue(String indexName, String indexValue) {
		Map<String, ClusterSession> sessions = new LinkedHashMap<>();
		if (indexName.equals(PRINCIPAL_NAME_INDEX_NAME)) {
			for (String key : this.store.keys(group(indexValue))) {
				Kept kept = find(key.substring(PREFIX.length()));
				if (kept != null && indexValue.equals(kept.session().principal())) {
					sessions.put(kept.id(), session(kept));
				}
			}
		}
		return sessions;
	}

	/**
	 * Keep what has changed, unless the session is there no more.
	 * @param session the session
	 * @throws IllegalStateException if an attribute cannot be written, or the session is
	 * longer than 1 MiB
	 */
	@Override
	public void save(ClusterSession session) {
		if (session.getMaxInactiveInterval().isZero()) {
			deleteById(session.kept().id());
			return;
		}
		SessionChanges changes = session.changes(this.indexResolver);
		Kept kept = session.kept();
		if (kept.version() == ClusterStore.ABSENT) {
			if (this.keepsNoNewSessions.get() == null) {
				session.saved(replace(new Kept(session.getId(), changes.appliedTo(kept.session()), ClusterStore.ABSENT),
						"There is a session with this new id already"));
			}
		}
		else if (session.isIdChanged()) {
			move(session, changes);
		}
		else if (changes.areNeededFor(kept.session())) {
			change(session, changes);
		}
	}

	private void change(ClusterSession session, SessionChanges changes) {
		Kept kept = session.kept();
		for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
			Kept changed = tryToReplace(new Kept(kept.id(), changes.appliedTo(kept.session()), kept.version()));
			if (changed != null) {
				session.saved(changed);
				return;
			}
			kept = find(kept.id());
			if (kept == null) {
				logger.debug("A session was changed that is there no more");
				return;
			}
		}
		throw contention();
	}

	// The new one is there before the old one is not, so that whoever dies in between
	// loses nothing. What others change meanwhile under the old id is taken along
	private void move(ClusterSession session, SessionChanges changes) {
		String id = session.getId();
		byte[] successor = StoredSession.successor(id);
		Kept kept = session.kept();
		long version = ClusterStore.ABSENT;
		for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
			Kept moved = replace(new Kept(id, changes.appliedTo(kept.session()), version),
					"Somebody else has changed the session under its new id");
			if (this.store.replace(PREFIX + kept.id(), successor, LONGEST_REQUEST, null,
					kept.version()) != ClusterStore.ABSENT) {
				session.saved(moved);
				return;
			}
			version = moved.version();
			kept = find(kept.id());
			if (kept == null) {
				logger.debug("The id of a session was changed that is there no more");
				this.store.remove(PREFIX + id);
				return;
			}
		}
		throw contention();
	}

	private Kept replace(Kept kept, String failure) {
		Kept replaced = tryToReplace(kept);
		if (replaced == null) {
			throw new IllegalStateException(failure);
		}
		return replaced;
	}

	private @Nullable Kept tryToReplace(Kept kept) {
		StoredSession session = kept.session();
		byte[] bytes = session.toBytes();
		if (bytes.length > StoreLimits.LONGEST_VALUE) {
			throw new IllegalStateException(
					"The session of %s would be %d bytes long, and may not be longer than %d. Put less into it. Its longest attributes: %s"
						.formatted((session.principal() != null) ? "'" + session.principal() + "'" : "nobody",
								bytes.length, StoreLimits.LONGEST_VALUE, longestAttributes(session)));
		}
		String principal = session.principal();
		long version = this.store.replace(PREFIX + kept.id(), bytes, timeToLive(session.interval()),
				(principal != null) ? group(principal) : null, kept.version());
		return (version != ClusterStore.ABSENT) ? new Kept(kept.id(), session, version) : null;
	}

	private static String longestAttributes(StoredSession session) {
		return session.attributes()
			.entrySet()
			.stream()
			.sorted(Comparator.comparing((attribute) -> -attribute.getValue().length))
			.limit(3)
			.map((attribute) -> "'%s' (%d)".formatted(attribute.getKey(), attribute.getValue().length))
			.collect(Collectors.joining(", "));
	}

	/**
	 * Delete a session. No request that has it already brings it back.
	 * @param id its id
	 */
	@Override
	public void deleteById(String id) {
		if (isTooLong(PREFIX + id)) {
			return;
		}
		byte[] nobody = StoredSession.successor("");
		for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
			Kept kept = find(id);
			if (kept == null) {
				return;
			}
			// Else another request could give it a new id just now, and it would live on
			if (this.store.replace(PREFIX + kept.id(), nobody, LONGEST_REQUEST, null,
					kept.version()) != ClusterStore.ABSENT) {
				this.store.remove(PREFIX + kept.id());
				return;
			}
		}
		throw contention();
	}

	// Where it is by now
	private @Nullable Kept find(String id) {
		String at = id;
		while (!at.isEmpty()) {
			ClusterStore.Entry entry = this.store.get(PREFIX + at);
			if (entry == null) {
				return null;
			}
			StoredSession session = StoredSession.of(entry.value());
			if (session != null) {
				return new Kept(at, session, entry.version());
			}
			at = StoredSession.successorOf(entry.value());
		}
		return null;
	}

	private static IllegalStateException contention() {
		return new IllegalStateException(
				"A session was changed by others %d times while it was to be changed".formatted(MOST_ATTEMPTS));
	}

	private static Duration timeToLive(Duration interval) {
		boolean isForEver = interval.isNegative() || interval.isZero() || interval.compareTo(FOR_EVER) > 0;
		return (isForEver) ? FOR_EVER : interval;
	}

	private static String group(String principal) {
		String group = PREFIX + principal;
		return (isTooLong(group)) ? PREFIX + digest(principal) : group;
	}

	private static boolean isTooLong(String key) {
		return key.length() > StoreLimits.LONGEST_NAME
				|| key.getBytes(StandardCharsets.UTF_8).length > StoreLimits.LONGEST_NAME;
	}

	private static String digest(String text) {
		try {
			return HexFormat.of()
				.formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
