package io.clusterboot.actuate.access;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.contract.WriteAccess;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Decides who may use the endpoint's writing operations. That the endpoint is exposed
 * lets nobody write.
 */
public final class CallerCheck {

	private static final String ADVICE = " Call directly from the same host as the same user, send the primary "
			+ "a signal instead (SIGUSR2 to reload, SIGTERM to shut down), or see "
			+ "docs/security.md for how to let others do it.";

	static final long ROOT = 0;

	private static final int LONGEST_NAME = 100;

	// Of whoever has no number in this user namespace; by default 65534
	private static final Path OVERFLOW_UID = Path.of("/proc/sys/kernel/overflowuid");

	private final WriteAccess access;

	private final SocketOwner socketOwner;

	private final LongSupplier ownUid;

	private final PrimaryDescendants descendants;

	private final Supplier<Caller> callers;

	/**
	 * Create a check.
	 * @param access who may write
	 */
	public CallerCheck(WriteAccess access) {
		this(access, new SocketOwner(), CallerCheck::readOwnUid, new PrimaryDescendants(primary()), findCallers());
	}

	public CallerCheck(WriteAccess access, SocketOwner socketOwner, LongSupplier ownUid, PrimaryDescendants descendants,
			Supplier<Caller> callers) {
		this.access = access;
		this.socketOwner = socketOwner;
		this.ownUid = ownUid;
		this.descendants = descendants;
		this.callers = callers;
	}

	private static Supplier<Caller> findCallers() {
		return (isServletApiPresent()) ? ServletCaller::current : () -> Caller.UNKNOWN;
	}

	/**
	 * Return whether {@link ServletCaller} can be used.
	 * @return whether what it needs is there
	 */
	public static boolean isServletApiPresent() {
		ClassLoader classLoader = CallerCheck.class.getClassLoader();
		return ClassUtils.isPresent("jakarta.servlet.http.HttpServletRequest", classLoader) && ClassUtils
			.isPresent("org.springframework.web.context.request.ServletRequestAttributes", classLoader);
	}

	private static long primary() {
		return Long.parseLong(Objects.requireNonNullElse(System.getenv(WorkerIdentity.PRIMARY_PID), "0"));
	}

	// The primary's: its workers may be another user, who could not send it a signal
	private static long readOwnUid() {
		return readUid(primaryOr("self"));
	}

	static String primaryOr(String other) {
		return (primary() > 0) ? Long.toString(primary()) : other;
	}

	static long readUid(String process) {
		try {
			return Integer.toUnsignedLong((Integer) Files.getAttribute(Path.of("/proc", process), "unix:uid"));
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
	public @Nullable String refusal(String operation) {
		Caller caller = this.callers.get();
		String contradiction = contradiction(caller, operation);
		return (contradiction != null) ? contradiction : refusalOf(caller);
	}

	/**
	 * Return why the caller of the current request may not have done what is for those
	 * who may write.
	 * @return the reason, or {@code null} if it may
	 */
	public @Nullable String refusal() {
		return refusalOf(this.callers.get());
	}

	private @Nullable String refusalOf(Caller caller) {
		// Whoever may write: a browser lends their rights to every page that they look at
		String reason = (caller.page() != null)
				? "The request has '" + caller.page() + "', so a web page made it that is not this endpoint's own."
				: refusal(caller);
		return (reason != null) ? reason + ADVICE : null;
	}

	/**
	 * Return how the path of the current request contradicts its parameters.
	 * @param operation the operation that the request is about to use
	 * @return the contradiction, or {@code null} if there is none
	 */
	public @Nullable String contradiction(String operation) {
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
	public boolean isTrusted() {
		return refusal(this.callers.get()) == null;
	}

	/**
	 * Return who sent the current request, as far as can be told.
	 * @return the user, the process and the address
	 */
	public String describe() {
		Caller caller = this.callers.get();
		List<String> parts = new ArrayList<>();
		String user = caller.user();
		if (user != null) {
			parts.add(
					"user '%s'".formatted(user.substring(0, Math.min(user.length(), LONGEST_NAME)).replace('\'', '"')));
		}
		InetSocketAddress peer = caller.peer();
		if (peer != null && !peer.isUnresolved()) {
			findOwner(peer, caller.server()).map(ProcessDescription::of).ifPresent(parts::add);
			parts.add(peer.getAddress().getHostAddress());
		}
		return (!parts.isEmpty()) ? String.join(", ", parts) : "nobody knows who";
	}

	private Optional<SocketOwner.Owner> findOwner(InetSocketAddress peer, @Nullable InetSocketAddress server) {
		try {
			return (server != null && isOnThisHost(peer.getAddress())) ? this.socketOwner.find(peer, server)
					: Optional.empty();
		}
		catch (IOException | UncheckedIOException ex) {
			return Optional.empty();
		}
	}

	private @Nullable String refusal(Caller caller) {
		return switch (this.access) {
			case LOCAL -> localRefusal(caller);
			case LOCAL_OR_AUTHENTICATED -> (caller.user() != null) ? null : localRefusal(caller);
			case UNRESTRICTED -> null;
		};
	}

	private @Nullable String localRefusal(Caller caller) {
		InetSocketAddress peer = caller.peer();
		InetSocketAddress server = caller.server();
		if (peer == null || peer.isUnresolved() || server == null) {
			return "It is not known which process the request comes from.";
		}
		if (caller.relay() != null) {
			return "The request has '" + caller.relay() + "', so a proxy or a web page made it for somebody else.";
		}
		if (!HostNames.isOwn(caller.host())) {
			return "The request is for '" + caller.host() + "', which is no name of this host.";
		}
		try {
			if (!isOnThisHost(peer.getAddress())) {
				return "The caller is not on this host.";
			}
			SocketOwner.Owner owner = this.socketOwner.find(peer, server).orElse(null);
			return (owner != null) ? refusal(owner)
					: "No process of this host owns the caller's end of the connection.";
		}
		catch (IOException | UncheckedIOException ex) {
			return "The caller's user cannot be determined: " + ex.getMessage() + ".";
		}
	}

	private @Nullable String refusal(SocketOwner.Owner owner) throws IOException {
		if (owner.uid() == overflowUid()) {
			return "The caller's user has no number here, as in another user namespace.";
		}
		if (owner.uid() != ROOT && owner.uid() != this.ownUid.getAsLong()) {
			return "The caller's user is neither the cluster's nor root.";
		}
		return (this.descendants.hold(owner.inode()))
				? "The caller is a worker or was started by one, so it may act for somebody else." : null;
	}

	// The kernel gives such a number whole or not at all: proc_dointvec in
	// kernel/sysctl.c
	static long overflowUid() throws IOException {
		byte[] number = new byte[16];
		try (InputStream in = Files.newInputStream(OVERFLOW_UID)) {
			int length = Math.max(0, in.read(number));
			return Long.parseLong(new String(number, 0, length, StandardCharsets.US_ASCII).strip());
		}
	}

	// Strangers must not be able to make us read the kernel's tables, which is expensive
	// with many connections; that the caller is on this host is decided by those.
	private static boolean isOnThisHost(InetAddress address) throws IOException {
		return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
	}

}
