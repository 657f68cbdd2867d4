package io.clusterboot.web.tomcat;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.clusterboot.contract.PeerAttribute;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.RemoteIpValve;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.Mockito;

import org.springframework.boot.web.server.Http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;

/**
 * Tests for {@link GateValve}.
 */
@Timeout(60)
class GateValveTests {

	private ServerSocketChannel channel;

	@BeforeEach
	void listen() throws IOException {
		this.channel = GatedTomcat.listen();
	}

	@AfterEach
	void closeChannel() throws IOException {
		this.channel.close();
	}

	@Test
	void peerWhenForwardedHeaderIsTrustedIsStillTheOtherEndOfTheConnection() throws Exception {
		try (GatedTomcat tomcat = new GatedTomcat(this.channel,
				(factory) -> factory.addEngineValves(new RemoteIpValve()));
				HttpConnection connection = new HttpConnection(this.channel)) {
			tomcat.gate.open();
			for (int i = 0; i < 2; i++) {
				String response = connection
					.get("/peer", "X-Forwarded-For: 203.0.113.7", "X-Forwarded-Port: 7", "X-Forwarded-Proto: https")
					.response();
				assertThat(response).endsWith("/127.0.0.1:" + connection.localPort() + " 203.0.113.7");
			}
		}
	}

	@Test
	void peerWhenConnectionIsHttp2IsTheOtherEndOfTheConnection() throws Exception {
		Http2 http2 = new Http2();
		http2.setEnabled(true);
		try (GatedTomcat tomcat = new GatedTomcat(this.channel, (factory) -> factory.setHttp2(http2));
				Http2Connection connection = new Http2Connection(this.channel)) {
			tomcat.gate.open();
			connection.get(1, "/peer");
			assertThat(connection.await(Http2Connection.DATA).text())
				.isEqualTo(connection.localAddress() + " 127.0.0.1");
		}
	}

	@Test
	void requestsThatAnybodyCouldSendAreToldAsTheyWereSent() throws Exception {
		List<String> learned = new CopyOnWriteArrayList<>();
		try (GatedTomcat tomcat = new GatedTomcat(this.channel);
				HttpConnection connection = new HttpConnection(this.channel)) {
			tomcat.server().learn(learned::add);
			tomcat.gate.open();
			connection.get("/hello").response();
			connection.get("/hello", "Cookie: SESSION=1").response();
			connection.get("/hello", "Authorization: Basic eDp5").response();
			connection.get("/status?404").response();
			connection.get("/status?302").response();
			connection.send("POST /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n").response();
			connection.get("/hello?a=%20b").response();
			Awaitility.await().until(() -> learned.size() == 2);
		}
		assertThat(learned).containsExactly("/hello", "/hello?a=%20b");
	}

	@Test
	void answerOfAnotherWorkerIsNotCounted() {
		GateValve valve = new GateValve();
		Request request = Mockito.mock(Request.class);
		given(request.getAttribute(PeerAttribute.PASSED_ON)).willReturn(true);
		valve.log(request, Mockito.mock(Response.class), 0);
		assertThat(valve.responses().total()).isZero();
		assertThat(valve.requestTimes()).isEqualTo(new GateValve().requestTimes());
	}

	@Test
	void logWhenRequestWasNeverInvokedLeavesRequestsInFlightAlone() {
		GateValve valve = new GateValve();
		valve.log(Mockito.mock(Request.class), Mockito.mock(Response.class), 0);
		assertThat(valve.responses().total()).isEqualTo(1);
		assertThat(valve.requestsInFlight()).isZero();
	}

}
