package io.clusterboot.actuate;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

import io.clusterboot.actuate.access.CallerCheck;
import io.clusterboot.actuate.access.PrimaryDescendants;
import io.clusterboot.actuate.access.ServletCaller;
import io.clusterboot.actuate.access.SocketOwner;
import io.clusterboot.contract.WriteAccess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests for who may write through {@link ClusterEndpoint}, and see what is not for
 * everybody.
 */
class ClusterEndpointCallerTests {

	private static final long SOMEBODY = 65000;

	private static final List<String> AS_SOMEBODY = List.of("setpriv", "--reuid=" + SOMEBODY, "--clear-groups");

	private static final StubCluster operations = new StubCluster();

	private static EndpointApplication application;

	@BeforeAll
	static void start() {
		application = EndpointApplication.start(operations, new CallerCheck(WriteAccess.LOCAL));
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@BeforeEach
	void reset() {
		operations.reset();
	}

	@Test
	void postBySameUserIsAllowed() throws Exception {
		assertThat(application.post("/reload").statusCode()).isEqualTo(202);
		assertThat(application.post("/shutdown").statusCode()).isEqualTo(202);
		assertThat(operations.asked()).containsExactly("reload null", "shutdown");
	}

	@Test
	void postByCurlOfSameUserIsAllowed() throws Exception {
		assumeThat(isInstalled("curl")).as("curl is installed").isTrue();
		assertThat(application.curl(List.of(), "/reload")).endsWith(" 202");
	}

	@Test
	void postOverIpv6LoopbackBySameUserIsAllowed() throws Exception {
		assumeThat(NetworkInterface.getByInetAddress(Inet6Address.getByName("::1"))).isNotNull();
		assertThat(application.postTo("[::1]", "/reload").statusCode()).isEqualTo(202);
	}

	@Test
	void postToAnotherAddressOfThisHostBySameUserIsAllowed() throws Exception {
		InetAddress address = NetworkInterface.networkInterfaces()
			.flatMap(NetworkInterface::inetAddresses)
			.filter((candidate) -> candidate.getAddress().length == 4 && !candidate.isLoopbackAddress())
			.findFirst()
			.orElse(null);
		assumeThat(address).isNotNull();
		assertThat(application.postTo(address.getHostAddress(), "/reload").statusCode()).isEqualTo(202);
	}

	@Test
	void getByAnotherUserTellsNeitherTheSideDoorNorWhatUsersAskFor() throws Exception {
		assumeThatUsersCanBeSwitched();
		assertThat(application.get().body()).contains("\"sideDoor\":40123", "\"/owners?lastName=\"",
				"\"mayWrite\":true");
		assertThat(application.curl(AS_SOMEBODY, "", "--request", "GET"))
			.contains("\"sideDoor\":null", "\"learnedRequests\":null", "\"mayWrite\":false")
			.doesNotContain("40123", "/owners");
	}

	@Test
	void postByAnotherUserIsRefused() throws Exception {
		assumeThatUsersCanBeSwitched();
		String answer = application.curl(AS_SOMEBODY, "/shutdown");
		assertThat(answer).startsWith("{\"reason\":\"The caller's user is neither the cluster's nor root. ")
			.contains("docs/security.md", "as the same user", "SIGUSR2")
			.endsWith(" 403");
		assertThat(operations.asked()).isEmpty();
	}

	@Test
	void postByAnotherUserWhenUnrestrictedIsAllowed() throws Exception {
		assumeThatUsersCanBeSwitched();
		try (EndpointApplication exposed = EndpointApplication.start(operations,
				new CallerCheck(WriteAccess.UNRESTRICTED))) {
			assertThat(exposed.curl(AS_SOMEBODY, "/reload")).endsWith(" 202");
		}
	}

	@Test
	void postToClusterOfUnprivilegedUserIsAllowedForThatUserAndRoot() throws Exception {
		assumeThatUsersCanBeSwitched();
		CallerCheck check = new CallerCheck(WriteAccess.LOCAL, new SocketOwner(), () -> SOMEBODY,
				new PrimaryDescendants(0), ServletCaller::current);
		try (EndpointApplication unprivileged = EndpointApplication.start(operations, check)) {
			assertThat(unprivileged.curl(AS_SOMEBODY, "/reload")).endsWith(" 202");
			assertThat(unprivileged.curl(List.of(), "/reload")).endsWith(" 202");
			assertThat(unprivileged.curl(List.of("setpriv", "--reuid=65001", "--clear-groups"), "/reload"))
				.endsWith(" 403");
		}
	}

	@Test
	void postByUserWithoutNumberIsRefusedThoughTheClusterHasNoneEither() throws Exception {
		assumeThatUsersCanBeSwitched();
		CallerCheck check = new CallerCheck(WriteAccess.LOCAL, new SocketOwner(), () -> 65534,
				new PrimaryDescendants(0), ServletCaller::current);
		try (EndpointApplication unknown = EndpointApplication.start(operations, check)) {
			assertThat(unknown.curl(List.of("setpriv", "--reuid=65534", "--clear-groups"), "/shutdown"))
				.contains("The caller's user has no number here")
				.endsWith(" 403");
		}
	}

	@Test
	void postByProcessThatTheClusterHasStartedIsRefused() throws Exception {
		assumeThat(isInstalled("curl")).as("curl is installed").isTrue();
		CallerCheck check = new CallerCheck(WriteAccess.LOCAL, new SocketOwner(), () -> 0,
				new PrimaryDescendants(ProcessHandle.current().pid()), ServletCaller::current);
		try (EndpointApplication primary = EndpointApplication.start(operations, check)) {
			assertThat(primary.curl(List.of(), "/shutdown")).contains("The caller is a worker or was started by one")
				.endsWith(" 403");
			assertThat(operations.asked()).isEmpty();
			assertThat(primary.post("/reload").statusCode()).isEqualTo(202);
		}
	}

	@Test
	void postForAnotherHostIsRefused() throws Exception {
		assumeThat(isInstalled("curl")).as("curl is installed").isTrue();
		assertThat(application.curl(List.of(), "/shutdown", "--header", "Host: evil.example:8080"))
			.contains("'evil.example:8080', which is no name of this host")
			.endsWith(" 403");
		assertThat(operations.asked()).isEmpty();
		for (String host : List.of("localhost", "LocalHost:80", "app.localhost", "[::1]:8080", "192.0.2.1:8080",
				InetAddress.getLocalHost().getHostName())) {
			assertThat(application.curl(List.of(), "/reload", "--header", "Host: " + host)).as(host).endsWith(" 202");
		}
	}

	@Test
	void postByAuthenticatedCallerIsAllowedWhereTheEndpointIsExposed() throws Exception {
		for (WriteAccess access : List.of(WriteAccess.LOCAL, WriteAccess.LOCAL_OR_AUTHENTICATED)) {
			boolean allowed = access != WriteAccess.LOCAL;
			try (EndpointApplication remote = EndpointApplication.start(operations, new CallerCheck(access),
					"test.peer=192.0.2.1", "test.user=operator")) {
				assertThat(remote.post("/reload").statusCode()).isEqualTo((allowed) ? 202 : 403);
			}
		}
		operations.reset();
		try (EndpointApplication remote = EndpointApplication.start(operations,
				new CallerCheck(WriteAccess.LOCAL_OR_AUTHENTICATED), "test.peer=192.0.2.1")) {
			assertRefused(remote.post("/reload"), "The caller is not on this host.");
		}
	}

	@Test
	void whoWritesIsToldToThePrimary() throws Exception {
		application.post("/reload");
		ProcessHandle self = ProcessHandle.current();
		String user = "uid %s (%s), ".formatted(Files.getAttribute(Path.of("/proc/self"), "unix:uid"),
				self.info().user().orElseThrow());
		assertThat(operations.askers()).containsExactly(user + "pid %d, 127.0.0.1".formatted(self.pid()));
	}

	@Test
	void anotherUserWhoMayWriteIsToldToThePrimary() throws Exception {
		assumeThatUsersCanBeSwitched();
		try (EndpointApplication exposed = EndpointApplication.start(operations,
				new CallerCheck(WriteAccess.UNRESTRICTED))) {
			assertThat(exposed.curl(AS_SOMEBODY, "/reload")).endsWith(" 202");
			assertThat(operations.askers()).singleElement()
				.asString()
				.matches("uid 65000 \\(65000\\), pid \\d+, 127\\.0\\.0\\.1");
		}
	}

	@Test
	void nameOfAnAuthenticatedCallerCannotLookLikeSomethingElse() throws Exception {
		try (EndpointApplication remote = EndpointApplication.start(operations,
				new CallerCheck(WriteAccess.LOCAL_OR_AUTHENTICATED), "test.peer=192.0.2.1",
				"test.user=eve', uid 0 (root)")) {
			assertThat(remote.post("/reload").statusCode()).isEqualTo(202);
			assertThat(operations.askers()).containsExactly("user 'eve\", uid 0 (root)', 192.0.2.1");
		}
	}

	@Test
	void postFromAnotherHostIsRefused() throws Exception {
		try (EndpointApplication remote = EndpointApplication.start(operations, new CallerCheck(WriteAccess.LOCAL),
				"test.peer=192.0.2.1")) {
			assertRefused(remote.post("/reload"), "The caller is not on this host.");
		}
	}

	@Test
	void postWhenPeerIsUnknownIsRefused() throws Exception {
		try (EndpointApplication unknown = EndpointApplication.start(operations, new CallerCheck(WriteAccess.LOCAL),
				"test.peer=unknown")) {
			assertRefused(unknown.post("/reload"), "It is not known which process the request comes from.");
		}
	}

	@Test
	void getIsAllowedForEveryone() throws Exception {
		try (EndpointApplication remote = EndpointApplication.start(operations, new CallerCheck(WriteAccess.LOCAL),
				"test.peer=192.0.2.1")) {
			assertThat(remote.get().statusCode()).isEqualTo(200);
		}
	}

	@Test
	void outputOfWorkersAndWhoReloadedAreShownOnlyToThoseWhoMayPost() throws Exception {
		assertThat(application.get().body()).contains("\"output\":[\"one ", "\"requester\":\"uid 1000 (app)\"");
		try (EndpointApplication remote = EndpointApplication.start(operations, new CallerCheck(WriteAccess.LOCAL),
				"test.peer=192.0.2.1")) {
			for (String path : List.of("", "/reloads", "/reloads/2")) {
				HttpResponse<String> response = remote.get(path);
				assertThat(response.statusCode()).isEqualTo(200);
				assertThat(response.body()).contains("\"output\":[]").doesNotContain("another", "uid 1000");
			}
		}
	}

	@Test
	void threadDumpOutputAndErrorFileOfIncidentAreShownOnlyToThoseWhoMayPost() throws Exception {
		assertThat(application.get("/incidents/1").body()).contains("prio=5", "another", "SIGSEGV");
		try (EndpointApplication remote = EndpointApplication.start(operations, new CallerCheck(WriteAccess.LOCAL),
				"test.peer=192.0.2.1")) {
			HttpResponse<String> response = remote.get("/incidents/1");
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.body())
				.contains("out-of-memory", "\"detail\":\"" + Text.WITHHELD + "\"", "\"requests\":10234")
				.endsWith("\"threadDump\":null,\"output\":[],\"errorFile\":null}");
			assertThat(remote.get("/incidents/9").statusCode()).isEqualTo(404);
			assertThat(remote.get("/incidents").body()).contains("out-of-memory").doesNotContain("Java heap space");
			assertThat(operations.reports()).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@CsvSource({ "Forwarded, for=192.0.2.1", "X-Forwarded-For, 192.0.2.1", "x-forwarded-prefix, /app", "Via, 1.1 proxy",
			"X-Real-IP, 192.0.2.1" })
	void postThroughProxyIsRefused(String header, String value) throws Exception {
		assertRefused(application.postWithHeaders("/reload", header, value), "'" + header + "'");
	}

	@ParameterizedTest
	@CsvSource({ "Origin, https://example.com", "Origin, null", "Sec-Fetch-Site, cross-site" })
	void postByPageInBrowserIsRefused(String header, String value) throws Exception {
		assertRefused(application.postWithHeaders("/shutdown", header, value), "a web page made it");
	}

	@ParameterizedTest
	@ValueSource(strings = { "framework", "native" })
	void postThroughProxyIsRefusedWhateverTheForwardHeadersStrategy(String strategy) throws Exception {
		try (EndpointApplication behindProxy = EndpointApplication.start(operations, new CallerCheck(WriteAccess.LOCAL),
				"server.forward-headers-strategy=" + strategy)) {
			assertRefused(behindProxy.postWithHeaders("/reload", "X-Forwarded-For", "127.0.0.1"), "'x-forwarded-for'");
		}
	}

	@Test
	void postWithUnknownStrategyByForeignerIsRefusedBeforeAnythingElse() throws Exception {
		try (EndpointApplication remote = EndpointApplication.start(operations, new CallerCheck(WriteAccess.LOCAL),
				"test.peer=192.0.2.1")) {
			assertThat(remote.post("/reload", "{\"strategy\":\"canary\"}").statusCode()).isEqualTo(403);
		}
	}

	@ParameterizedTest
	@CsvSource({ "/actuator/cluster/reload,reload", "/shutdown/cluster/reload,reload",
			"/cluster/reloads/3/abort,reloads", "/incidents/1,incidents", "/actuator/cluster,''", "/,''", "'',''",
			"/shutdown/a/b/c,''" })
	void operationOfAPathIsFoundWhereNobodySaysIt(String path, String operation) {
		assertThat(ServletCaller.operation(path)).isEqualTo(operation);
	}

	@Test
	void checkWithoutServletApiRefusesEveryone() throws Exception {
		Supplier<Object> refusal = new WithoutServletApi().refusalOfRestrictedCheck();
		assertThat(refusal.get()).asString().startsWith("It is not known which process the request comes from.");
	}

	private void assertRefused(HttpResponse<String> response, String reason) {
		assertThat(response.statusCode()).isEqualTo(403);
		assertThat(response.body()).containsIgnoringCase(reason).contains("docs/security.md");
		assertThat(operations.asked()).isEmpty();
	}

	private static void assumeThatUsersCanBeSwitched() throws Exception {
		assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid")).as("user").isEqualTo(0);
		assumeThat(isInstalled("curl") && isInstalled("setpriv")).as("curl and setpriv are installed").isTrue();
	}

	private static boolean isInstalled(String program) {
		return Files.isExecutable(Path.of("/usr/bin", program));
	}

	/**
	 * Loads the check afresh, hiding everything that is optional.
	 */
	private static final class WithoutServletApi extends ClassLoader {

		WithoutServletApi() {
			super(ClusterEndpointCallerTests.class.getClassLoader());
		}

		Supplier<Object> refusalOfRestrictedCheck() throws Exception {
			Class<?> type = loadClass("io.clusterboot.actuate.access.CallerCheck");
			assertThat(type.getClassLoader()).isSameAs(this);
			Class<?> access = loadClass("io.clusterboot.contract.WriteAccess");
			Object check = type.getConstructor(access).newInstance(access.getEnumConstants()[0]);
			Method method = type.getDeclaredMethod("refusal", String.class);
			method.setAccessible(true);
			return () -> ReflectionUtils.invokeMethod(method, check, "reload");
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (name.startsWith("jakarta.servlet.") || name.startsWith("org.springframework.web.")) {
				throw new ClassNotFoundException(name);
			}
			if (!name.startsWith("io.clusterboot.")) {
				return super.loadClass(name, resolve);
			}
			Class<?> loaded = findLoadedClass(name);
			return (loaded != null) ? loaded : define(name);
		}

		private Class<?> define(String name) throws ClassNotFoundException {
			try (InputStream stream = getResourceAsStream(name.replace('.', '/') + ".class")) {
				byte[] bytes = stream.readAllBytes();
				return defineClass(name, bytes, 0, bytes.length);
			}
			catch (IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

	}

}
