package io.clusterboot.bootstrap;

import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.asm.ClassWriter;
import org.springframework.asm.Opcodes;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WebServerCheck}.
 */
class WebServerCheckTests {

	private static final String BOOT = "org.springframework.boot.";

	private static final Set<String> JETTY = Set.of(BOOT + "jetty.servlet.JettyServletWebServerFactory",
			BOOT + "jetty.reactive.JettyReactiveWebServerFactory", "org.eclipse.jetty.server.Server");

	private static final Set<String> NETTY = Set.of(BOOT + "reactor.netty.NettyReactiveWebServerFactory",
			"reactor.netty.http.server.HttpServer");

	private final MockEnvironment environment = new MockEnvironment();

	private ClassLoader classLoader = getClass().getClassLoader();

	private WebApplicationType type = WebApplicationType.SERVLET;

	@ParameterizedTest
	@CsvSource({ "SERVLET", "REACTIVE" })
	void reasonAgainstWhenServerIsTomcatIsNull(WebApplicationType type) {
		this.type = type;
		assertThat(reasonAgainst()).isNull();
	}

	@Test
	void reasonAgainstWhenTypeOfApplicationIsNoneSaysSo() {
		this.type = WebApplicationType.NONE;
		assertThat(reasonAgainst()).contains("not a web application");
	}

	@Test
	void reasonAgainstWhenTypeIsSetByPropertyPrefersProperty() {
		this.environment.setProperty("spring.main.web-application-type", "none");
		assertThat(reasonAgainst()).contains("not a web application");
		this.environment.setProperty("spring.main.web-application-type", "servlet");
		this.type = WebApplicationType.NONE;
		assertThat(reasonAgainst()).isNull();
	}

	@Test
	void reasonAgainstWhenApplicationIsParentLooksAtClassPath() {
		this.type = WebApplicationType.NONE;
		assertThat(check().reasonAgainst(true)).isNull();
		this.environment.setProperty("spring.main.web-application-type", "none");
		assertThat(check().reasonAgainst(true)).contains("not a web application");
	}

	@Test
	void reasonAgainstWhenPortIsNegativeSaysSo() {
		this.environment.setProperty("server.port", "-1");
		assertThat(reasonAgainst()).contains("server.port");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "8080" })
	void reasonAgainstWhenPortIsSetIsNull(String port) {
		this.environment.setProperty("server.port", port);
		assertThat(reasonAgainst()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "SERVLET", "REACTIVE" })
	void reasonAgainstWhenJettyIsThereTooNamesIt(WebApplicationType type) {
		this.type = type;
		this.classLoader = new PretendingClassLoader(JETTY);
		assertThat(reasonAgainst()).contains("Jetty", "only Tomcat");
	}

	@Test
	void reasonAgainstWhenJettyIsOnlyThereAsLibraryIsNull() {
		this.classLoader = new PretendingClassLoader(Set.of("org.eclipse.jetty.server.Server"));
		assertThat(reasonAgainst()).isNull();
	}

	@Test
	void reasonAgainstWhenReactiveAndNettyIsThereTooNamesIt() {
		this.type = WebApplicationType.REACTIVE;
		this.classLoader = new PretendingClassLoader(NETTY);
		assertThat(reasonAgainst()).contains("Netty", "only Tomcat");
	}

	@Test
	void reasonAgainstWhenServletAndNettyIsThereForClientsIsNull() {
		this.classLoader = new PretendingClassLoader(NETTY);
		assertThat(reasonAgainst()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "SERVLET,org.apache.catalina.startup", "REACTIVE,org.springframework.boot.tomcat" })
	void reasonAgainstWhenTomcatIsMissingSaysSo(WebApplicationType type, String missing) {
		this.type = type;
		this.classLoader = new FilteredClassLoader(missing);
		assertThat(reasonAgainst()).contains("only Tomcat");
	}

	private @Nullable String reasonAgainst() {
		return check().reasonAgainst(false);
	}

	private WebServerCheck check() {
		SpringApplication application = new SpringApplication(new DefaultResourceLoader(this.classLoader),
				Object.class);
		application.setWebApplicationType(this.type);
		return new WebServerCheck(application, this.environment);
	}

	/**
	 * Has classes that are not there.
	 */
	private static final class PretendingClassLoader extends ClassLoader {

		private final Set<String> names;

		private PretendingClassLoader(Set<String> names) {
			super(WebServerCheckTests.class.getClassLoader());
			this.names = names;
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			return (this.names.contains(name) && findLoadedClass(name) == null) ? define(name)
					: super.loadClass(name, resolve);
		}

		private Class<?> define(String name) {
			ClassWriter writer = new ClassWriter(0);
			writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, name.replace('.', '/'), null, "java/lang/Object", null);
			byte[] bytes = writer.toByteArray();
			return defineClass(name, bytes, 0, bytes.length);
		}

	}

}
