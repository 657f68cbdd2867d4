package io.clusterboot.actuate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.clusterboot.WorkerIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Decides who may use the endpoint's writing operations. Unless the user has exposed the
 * endpoint explicitly, only those may who could have sent the primary a signal instead:
 * processes on this host of the same user or root, without anybody in between.
 */
public final class CallerCheck {

	private static final String ADVICE = " Call directly from the same host as the same user, send the primary "
			+ "a signal instead (SIGUSR2 to reload, SIGTERM to shut down), or set "
			+ "'management.endpoints.web.exposure.include' yourself and secure the endpoint.";

	private static final long ROOT = 0;

	private final boolean restricted;

	private final SocketOwner socketOwner;

	private final LongSupplier ownUid;

	private final Supplier<Caller> callers;

	/**
	 * Create a check.
	 * @param restricted whether only those may write who could have sent the signal
	 * themselves: true unless {@code management.endpoints.web.exposure.include} is set
	 */
	public CallerCheck(boolean restricted) {
		this(restricted, new SocketOwner(), CallerCheck::readOwnUid, findCallers());
	}

	CallerCheck(boolean restricted, SocketOwner socketOwner, LongSupplier ownUid, Supplier<Caller> callers) {
		this.restricted = restricted;
		this.socketOwner = socketOwner;
		this.ownUid = ownUid;
		this.callers = callers;
	}

	private static Supplier<Caller> findCallers() {
		return (isServletApiPresent()) ? ServletCaller::current : () -> Caller.UNKNOWN;
	}

	/**
	 * Return whether {@link ServletCaller} can be used.
	 * @return whether what it needs is there
	 */
	static boolean isServletApiPresent() {
		ClassLoader classLoader = CallerCheck.class.getClassLoader();
		return ClassUtils.isPresent("jakarta.servlet.http.HttpServletRequest", classLoader) && ClassUtils
			.isPresent("org.springframework.web.context.request.ServletRequestAttributes", classLoader);
	}

	// The primary's: its workers may be another user, who could not send it a signal
	private static long readOwnUid() {
		String primary = Objects.requireNonNullElse(System.getenv(WorkerIdentity.PRIMARY_PID), "self");
		try {
			return Integer.toUnsignedLong((Integer) Files.getAttribute(Path.of("/proc", primary), "unix:uid"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return why the caller of the current request may not use an operation.
	 * @param operation the operation that the request is about to use
	 * @return the reason, or {@code null} if it may
	 */
	@Nullable String refusal(String operation) {
		Caller caller = this.callers.get();
		String contradiction = contradiction(caller, operation);
		if (contradiction != null) {
			return contradiction;
		}
		if (!this.restricted) {
			return null;
		}
		String reason = restrictedRefusal(caller);
		return (reason != null) ? reason + ADVICE : null;
	}

	/**
	 * Return how the path of the current request contradicts its parameters.
	 * @param operation the operation that the request is about to use
	 * @return the contradiction, or {@code null} if there is none
	 */
	@Nullable String contradiction(String operation) {
		return contradiction(this.callers.get(), operation);
	}

	private static @Nullable String contradiction(Caller caller, String operation) {
		// Spring Boot lets the query and the body override what the path says, which
		// would lead around every rule of Spring Security that is about a path.
		if (caller.operation() != null && !caller.operation().equals(operation)) {
			return "The request's path says '" + caller.operation() + "' but its parameters say '" + operation + "'.";
		}
		return null;
	}

	/**
	 * Return whether the caller of the current request may see what is not for everyone
	 * who reaches the port.
	 * @return whether it may
	 */
	boolean isTrusted() {
		return !this.restricted || restrictedRefusal(this.callers.get()) == null;
	}

	private @Nullable String restrictedRefusal(Caller caller) {
		InetSocketAddress peer = caller.peer();
		InetSocketAddress server = caller.server();
		if (peer == null || peer.isUnresolved() || server == null) {
			return "It is not known which process the request comes from.";
		}
		if (caller.relay() != null) {
			return "The request has '" + caller.relay() + "', so a proxy or a web page made it for somebody else.";
		}
		try {
			if (!isOnThisHost(peer.getAddress())) {
				return "The caller is not on this host.";
			}
			OptionalLong uid = this.socketOwner.uid(peer, server);
			if (uid.isEmpty()) {
				return "No process of this host owns the caller's end of the connection.";
			}
			if (uid.getAsLong() != ROOT && uid.getAsLong() != this.ownUid.getAsLong()) {
				return "The caller's user is neither the cluster's nor root.";
			}
			return null;
		}
		catch (IOException | UncheckedIOException ex) {
			return "The caller's user cannot be determined: " + ex.getMessage() + ".";
		}
	}

	// Strangers must not be able to make us read the kernel's tables, which is expensive
	// with many connections; that the caller is on this host is decided by those.
	private static boolean isOnThisHost(InetAddress address) throws IOException {
		return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
	}

}
