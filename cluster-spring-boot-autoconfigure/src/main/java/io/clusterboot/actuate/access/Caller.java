package io.clusterboot.actuate.access;

import java.net.InetSocketAddress;

import org.jspecify.annotations.Nullable;

/**
 * Who sent the request that the current thread handles.
 *
 * @param peer the other end of the TCP connection, or {@code null} if it is not known
 * @param server our end of the TCP connection, or {@code null} if it is not known
 * @param host the name that the caller has for us, or {@code null} if it gives none
 * @param user the name of the user that the caller has been authenticated as, or
 * {@code null}
 * @param relay the name of what shows that the request was made on behalf of somebody
 * else, or {@code null}
 * @param page the name of what shows that a web page made the request that is not our
 * own, or {@code null}
 * @param operation the operation in the request's path, or {@code null} if it is not
 * known
 */
public record Caller(@Nullable InetSocketAddress peer, @Nullable InetSocketAddress server, @Nullable String host,
		@Nullable String user, @Nullable String relay, @Nullable String page, @Nullable String operation) {

	static final Caller UNKNOWN = new Caller(null, null, null, null, null, null, null);

}
