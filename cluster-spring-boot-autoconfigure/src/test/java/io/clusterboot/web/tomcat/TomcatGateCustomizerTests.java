package io.clusterboot.web.tomcat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;

import io.clusterboot.PortConflictException;
import io.clusterboot.gate.AcceptGate;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.valves.RemoteIpValve;
import org.apache.coyote.http11.Http11Nio2Protocol;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.tomcat.reactive.TomcatReactiveWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.WebServerException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.NestedExceptionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link TomcatGateCustomizer}.
 */
@Timeout(60)
class TomcatGateCustomizerTests {

	private final AcceptGate gate = new AcceptGate();

	private final List<Integer> furtherPorts = new ArrayList<>();

	private final TomcatGateCustomizer customizer = new TomcatGateCustomizer(this.gate, this.furtherPorts::add);

	private ServerSocketChannel channel;

	@BeforeEach
	void listen() throws IOException {
		this.channel = GatedTomcat.listen();
		this.gate.add(this.channel);
	}

	@AfterEach
	void closeChannel() throws IOException {
		this.channel.close();
	}

	@Test
	void applicationServesOnTheSharedPortAndManagementOnItsOwn() throws Exception {
		int port = ((InetSocketAddress) this.channel.getLocalAddress()).getPort();
		SpringApplicationBuilder builder = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.SERVLET)
			.properties("server.port=" + port, "server.address=127.0.0.1", "management.server.port=0",
					"server.forward-headers-strategy=native", "spring.main.banner-mode=off",
					"management.health.redis.enabled=false")
			.initializers((context) -> ((GenericApplicationContext) context).registerBean(TomcatGateCustomizer.class,
					() -> this.customizer));
		try (ConfigurableApplicationContext context = builder.run()) {
			this.gate.open();
			Integer managementPort = context.getEnvironment().getProperty("local.management.port", Integer.class);
			assertThat(context.getEnvironment().getProperty("local.server.port", Integer.class)).isEqualTo(port);
			assertThat(managementPort).isNotNull().isNotEqualTo(port);
			try (HttpConnection connection = new HttpConnection(managementPort)) {
				assertThat(connection.get("/actuator/health").response()).startsWith("HTTP/1.1 200");
			}
			assertThat(this.customizer.server().connections()).isZero();
			try (HttpConnection connection = new HttpConnection(port)) {
				assertThat(connection.get("/actuator/health").response()).startsWith("HTTP/1.1 404");
			}
			Awaitility.await().until(() -> this.customizer.server().responses().total() == 1);
		}
		assertThat(this.channel.isOpen()).isTrue();
	}

	@Test
	void customizeWhenAnotherServerFollowsLeavesThatAlone() {
		this.customizer.customize(new TomcatServletWebServerFactory(0));
		TomcatServletWebServerFactory other = new TomcatServletWebServerFactory(0);
		this.customizer.customize(other);
		assertThat(other.getProtocol()).isEqualTo(TomcatWebServerFactory.DEFAULT_PROTOCOL);
		assertThat(other.getEngineValves()).isEmpty();
	}

	@Test
	void customizeWhenServerIsReactiveSharesItsPort() {
		TomcatReactiveWebServerFactory factory = new TomcatReactiveWebServerFactory(0);
		this.customizer.customize(factory);
		assertThat(factory.getProtocol()).isEqualTo(GatedHttp11Protocol.class.getName());
		assertThat(factory.getConnectorCustomizers()).hasSize(1);
	}

	@Test
	void customizeWhenOtherValvesAreThereComesFirst() {
		TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
		factory.addEngineValves(new RemoteIpValve());
		this.customizer.customize(factory);
		assertThat(factory.getEngineValves()).hasSize(2).first().isInstanceOf(GateValve.class);
	}

	@Test
	void customizeWhenProtocolIsChangedAfterwardsFailsTheStart() {
		TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
		this.customizer.customize(factory);
		factory.setProtocol(Http11Nio2Protocol.class.getName());
		assertThatIllegalStateException().isThrownBy(factory::getWebServer)
			.withMessageContaining(Http11Nio2Protocol.class.getName());
	}

	@Test
	void startWhenApplicationSetsThePortInCodeIsRefused() throws IOException {
		assertThatExceptionOfType(PortConflictException.class)
			.isThrownBy(() -> start((factory) -> factory.setPort(28099)))
			.withMessage(
					"The application sets port 28099 in code, but the cluster has bound port %d.".formatted(port()))
			.satisfies((ex) -> assertThat(ex.getAction()).startsWith("Set server.port=28099"));
	}

	@Test
	void startWhenAConnectorCustomizerThatComesLastSetsThePortIsRefused() throws IOException {
		assertThatExceptionOfType(PortConflictException.class)
			.isThrownBy(
					() -> start((factory) -> factory.addConnectorCustomizers((connector) -> connector.setPort(28099))))
			.withMessageContaining("sets port 28099 in code");
	}

	@Test
	void startWhenApplicationSetsAnAddressInCodeIsRefused() throws IOException {
		assertThatExceptionOfType(PortConflictException.class)
			.isThrownBy(() -> start((factory) -> factory.setAddress(InetAddress.getByName("127.0.0.9"))))
			.withMessage("The application sets address 127.0.0.9 in code, but the cluster has bound address 127.0.0.1.")
			.satisfies((ex) -> assertThat(ex.getAction()).startsWith("Set server.address=127.0.0.9"));
	}

	@Test
	void startWhenApplicationSetsAllAddressesInCodeIsRefused() throws IOException {
		assertThatExceptionOfType(PortConflictException.class)
			.isThrownBy(() -> start((factory) -> factory.setAddress(null)))
			.withMessage("The application sets all addresses in code, but the cluster has bound address 127.0.0.1.")
			.satisfies((ex) -> assertThat(ex.getAction()).startsWith("Set server.address=0.0.0.0"));
	}

	@Test
	void startWhenClusterHasBoundAllAddressesAndApplicationSetsLoopbackIsRefused() throws IOException {
		try (ServerSocketChannel any = ServerSocketChannel.open()) {
			any.bind(new InetSocketAddress(0)).configureBlocking(false);
			this.channel.close();
			AcceptGate gate = new AcceptGate();
			gate.add(any);
			TomcatGateCustomizer customizer = new TomcatGateCustomizer(gate, this.furtherPorts::add);
			assertThatExceptionOfType(PortConflictException.class)
				.isThrownBy(() -> start(customizer, (factory) -> factory.setAddress(InetAddress.getLoopbackAddress())))
				.withMessage(
						"The application sets address 127.0.0.1 in code, but the cluster has bound all addresses.");
			start(customizer, (factory) -> factory.setAddress(InetAddress.getByName("0.0.0.0")));
		}
	}

	@Test
	void startWhenPortAndAddressAreTheClustersStarts() throws IOException {
		int port = port();
		start((factory) -> factory.setPort(port));
		assertThat(this.furtherPorts).isEmpty();
	}

	@Test
	void startTellsThePortsOfFurtherConnectorsButNotZero() throws IOException {
		start((factory) -> {
			factory.addAdditionalConnectors(connector(0));
			factory.addConnectorCustomizers((main) -> factory.addAdditionalConnectors(connector(0)));
		});
		assertThat(this.furtherPorts).isEmpty();
		TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
		TomcatGateCustomizer refusing = new TomcatGateCustomizer(this.gate, (port) -> {
			throw new IllegalStateException("further port " + port);
		});
		refusing.customize(factory);
		factory.addAdditionalConnectors(connector(18081));
		assertThatIllegalStateException().isThrownBy(factory::getWebServer).withMessage("further port 18081");
	}

	private Connector connector(int port) {
		Connector connector = new Connector();
		connector.setPort(port);
		return connector;
	}

	private int port() throws IOException {
		return ((InetSocketAddress) this.channel.getLocalAddress()).getPort();
	}

	private void start(Setup configuration) throws IOException {
		start(this.customizer, configuration);
	}

	private void start(TomcatGateCustomizer customizer, Setup configuration) throws IOException {
		TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
		factory.setAddress(InetAddress.getLoopbackAddress());
		customizer.customize(factory);
		configuration.configure(factory);
		WebServer server = factory.getWebServer();
		try {
			server.start();
		}
		catch (WebServerException ex) {
			throw (NestedExceptionUtils.getRootCause(ex) instanceof PortConflictException conflict) ? conflict : ex;
		}
		finally {
			server.stop();
			server.destroy();
		}
	}

	/**
	 * What an application does to its factory.
	 */
	private interface Setup {

		void configure(TomcatServletWebServerFactory factory) throws IOException;

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
