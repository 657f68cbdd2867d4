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
 * Tests for who may write through {@link ClusterEndpoint} in an application that has not
 * exposed it explicitly.
 */
class ClusterEndpointCallerTests {

	private static final long NOBODY = 65534;

	private static final List<String> AS_NOBODY = List.of("setpriv", "--reuid=" + NOBODY, "--clear-groups");

	private static final StubOperations operations = new StubOperations();

	private static EndpointApplication application;

	@BeforeAll
	static void start() {
		application = EndpointApplication.start(operations, new CallerCheck(true));
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
		assertThat(operations.asked()).containsExactly("reload http null", "shutdown");
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
	void postByAnotherUserIsRefused() throws Exception {
		assumeThatUsersCanBeSwitched();
		String answer = application.curl(AS_NOBODY, "/shutdown");
		assertThat(answer).startsWith("{\"reason\":\"The caller's user is neither the cluster's nor root. ")
			.contains("management.endpoints.web.exposure.include", "as the same user", "SIGUSR2")
			.endsWith(" 403");
		assertThat(operations.asked()).isEmpty();
	}

	@Test
	void postByAnotherUserWhenExposedExplicitlyIsAllowed() throws Exception {
		assumeThatUsersCanBeSwitched();
		try (EndpointApplication exposed = EndpointApplication.start(operations, new CallerCheck(false))) {
			assertThat(exposed.curl(AS_NOBODY, "/reload")).endsWith(" 202");
		}
	}

	@Test
	void postToClusterOfUnprivilegedUserIsAllowedForThatUserAndRoot() throws Exception {
		assumeThatUsersCanBeSwitched();
		CallerCheck check = new CallerCheck(true, new SocketOwner(), () -> NOBODY, ServletCaller::current);
		try (EndpointApplication unprivileged = EndpointApplication.start(operations, check)) {
			assertThat(unprivileged.curl(AS_NOBODY, "/reload")).endsWith(" 202");
			assertThat(unprivileged.curl(List.of(), "/reload")).endsWith(" 202");
			assertThat(unprivileged.curl(List.of("setpriv", "--reuid=65533", "--clear-groups"), "/reload"))
				.endsWith(" 403");
		}
	}

	@Test
	void postFromAnotherHostIsRefused() throws Exception {
		try (EndpointApplication remote = EndpointApplication.start(operations, new CallerCheck(true),
				"test.peer=192.0.2.1")) {
			assertRefused(remote.post("/reload"), "The caller is not on this host.");
		}
	}

	@Test
	void postWhenPeerIsUnknownIsRefused() throws Exception {
		try (EndpointApplication unknown = EndpointApplication.start(operations, new CallerCheck(true),
				"test.peer=unknown")) {
			assertRefused(unknown.post("/reload"), "It is not known which process the request comes from.");
		}
	}

	@Test
	void getIsAllowedForEveryone() throws Exception {
		try (EndpointApplication remote = EndpointApplication.start(operations, new CallerCheck(true),
				"test.peer=192.0.2.1")) {
			assertThat(remote.get().statusCode()).isEqualTo(200);
		}
	}

	@Test
	void outputOfWorkersIsShownOnlyToThoseWhoMayPost() throws Exception {
		assertThat(application.get().body()).contains("\"output\":[\"one ");
		try (EndpointApplication remote = EndpointApplication.start(operations, new CallerCheck(true),
				"test.peer=192.0.2.1")) {
			for (String path : List.of("", "/reloads", "/reloads/2")) {
				HttpResponse<String> response = remote.get(path);
				assertThat(response.statusCode()).isEqualTo(200);
				assertThat(response.body()).contains("\"output\":[]").doesNotContain("another");
			}
		}
	}

	@Test
	void threadDumpOutputAndErrorFileOfIncidentAreShownOnlyToThoseWhoMayPost() throws Exception {
		assertThat(application.get("/incidents/1").body()).contains("prio=5", "another", "SIGSEGV");
		try (EndpointApplication remote = EndpointApplication.start(operations, new CallerCheck(true),
				"test.peer=192.0.2.1")) {
			HttpResponse<String> response = remote.get("/incidents/1");
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.body()).contains("Java heap space", "\"requests\":10234")
				.endsWith("\"threadDump\":null,\"output\":[],\"errorFile\":null}");
			assertThat(remote.get("/incidents").body()).contains("Java heap space");
		}
	}

	@ParameterizedTest
	@CsvSource({ "Forwarded, for=192.0.2.1", "X-Forwarded-For, 192.0.2.1", "x-forwarded-prefix, /app", "Via, 1.1 proxy",
			"X-Real-IP, 192.0.2.1" })
	void postThroughProxyIsRefused(String header, String value) throws Exception {
		assertRefused(application.postWithHeader("/reload", header, value), "'" + header + "'");
	}

	@ParameterizedTest
	@CsvSource({ "Origin, https://example.com", "Origin, null", "Sec-Fetch-Site, cross-site" })
	void postByPageInBrowserIsRefused(String header, String value) throws Exception {
		assertRefused(application.postWithHeader("/shutdown", header, value), "a web page made it");
	}

	@ParameterizedTest
	@ValueSource(strings = { "framework", "native" })
	void postThroughProxyIsRefusedWhateverTheForwardHeadersStrategy(String strategy) throws Exception {
		try (EndpointApplication behindProxy = EndpointApplication.start(operations, new CallerCheck(true),
				"server.forward-headers-strategy=" + strategy)) {
			assertRefused(behindProxy.postWithHeader("/reload", "X-Forwarded-For", "127.0.0.1"), "'x-forwarded-for'");
		}
	}

	@Test
	void postWithUnknownStrategyByForeignerIsRefusedBeforeAnythingElse() throws Exception {
		try (EndpointApplication remote = EndpointApplication.start(operations, new CallerCheck(true),
				"test.peer=192.0.2.1")) {
			assertThat(remote.post("/reload", "{\"strategy\":\"canary\"}").statusCode()).isEqualTo(403);
		}
	}

	@Test
	void checkWithoutServletApiRefusesEveryone() throws Exception {
		Supplier<Object> refusal = new WithoutServletApi().refusalOfRestrictedCheck();
		assertThat(refusal.get()).asString().startsWith("It is not known which process the request comes from.");
	}

	private void assertRefused(HttpResponse<String> response, String reason) {
		assertThat(response.statusCode()).isEqualTo(403);
		assertThat(response.body()).containsIgnoringCase(reason).contains("management.endpoints.web.exposure.include");
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
			Class<?> type = loadClass("io.clusterboot.actuate.CallerCheck");
			assertThat(type.getClassLoader()).isSameAs(this);
			Object check = type.getConstructor(boolean.class).newInstance(true);
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
