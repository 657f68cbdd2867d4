package io.clusterboot.web.tomcat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

import io.clusterboot.gate.AcceptGate;
import io.clusterboot.gate.GatedServer;
import org.apache.catalina.Valve;
import org.apache.catalina.connector.Connector;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.util.Assert;

/**
 * Makes the first Tomcat it is given, servlet or reactive, accept through a gate. Any
 * other, such as that of a management port, keeps its own socket.
 */
public final class TomcatGateCustomizer implements WebServerFactoryCustomizer<TomcatWebServerFactory>, Ordered {

	private final AcceptGate gate;

	private final IntConsumer furtherPorts;

	private final TomcatGatedServer server = new TomcatGatedServer();

	private @Nullable TomcatWebServerFactory factory;

	/**
	 * Create a customizer for one server.
	 * @param gate where that server gets its connections from
	 * @param furtherPorts is told each port that further connectors of that server are
	 * going to bind, and may throw
	 */
	public TomcatGateCustomizer(AcceptGate gate, IntConsumer furtherPorts) {
		this.gate = gate;
		this.furtherPorts = furtherPorts;
	}

	/**
	 * Return the server that accepts through the gate.
	 * @return the server, which has no connections until it is started
	 */
	public GatedServer server() {
		return this.server;
	}

	@Override
	public void customize(TomcatWebServerFactory factory) {
		if (this.factory != null) {
			return;
		}
		this.factory = factory;
		factory.setProtocol(GatedHttp11Protocol.class.getName());
		factory.addConnectorCustomizers((connector) -> customize(factory, connector));
		// First, so that what other valves do to the request cannot be seen
		List<Valve> valves = new ArrayList<>(factory.getEngineValves());
		valves.add(0, this.server.valve());
		factory.setEngineValves(valves);
	}

	private void customize(TomcatWebServerFactory factory, Connector connector) {
		Assert.state(connector.getProtocolHandler() instanceof GatedHttp11Protocol,
				() -> "Tomcat cannot share its port: its protocol was changed to "
						+ connector.getProtocolHandlerClassName());
		GatedHttp11Protocol protocol = (GatedHttp11Protocol) connector.getProtocolHandler();
		protocol.setGate(this.gate);
		this.server.setProtocol(protocol);
		factory.getAdditionalConnectors()
			.stream()
			.mapToInt(Connector::getPort)
			.filter((port) -> port > 0)
			.forEach(this.furtherPorts);
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
