package io.clusterboot.web.tomcat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

import io.clusterboot.socket.AcceptGate;
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
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link TomcatGateCustomizer}.
 */
@Timeout(60)
class TomcatGateCustomizerTests {

	private final AcceptGate gate = new AcceptGate();

	private final TomcatGateCustomizer customizer = new TomcatGateCustomizer(this.gate);

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
			.properties("server.port=" + port, "management.server.port=0", "server.forward-headers-strategy=native",
					"spring.main.banner-mode=off")
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

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
