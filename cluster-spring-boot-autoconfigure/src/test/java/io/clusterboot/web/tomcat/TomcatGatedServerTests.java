package io.clusterboot.web.tomcat;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import io.clusterboot.RequestTimes;
import io.clusterboot.ResponseCounts;
import org.apache.coyote.http2.Http2Protocol;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Http2;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TomcatGatedServer}.
 */
@Timeout(60)
class TomcatGatedServerTests {

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
	void endKeepAliveWhenConnectionIsIdleAnswersItsNextRequestAndCloses() throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection connection = new HttpConnection(this.channel)) {
			assertThat(connection.get("/hello").response()).doesNotContain("Connection: close");
			tomcat.gate.close();
			tomcat.server().endKeepAlive();
			assertThat(connection.get("/hello").response()).startsWith("HTTP/1.1 200").contains("Connection: close");
			assertThat(connection.isClosedByPeer()).isTrue();
			awaitDrained(tomcat);
		}
	}

	@Test
	void resumeKeepAliveKeepsNewConnectionsAliveAgain() throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection idle = new HttpConnection(this.channel)) {
			assertThat(idle.get("/hello").response()).endsWith("hello");
			drain(tomcat);
			tomcat.server().endKeepAlive();
			awaitDrained(tomcat);
			assertThat(idle.isClosedByPeer()).isTrue();
			tomcat.server().resumeKeepAlive();
			tomcat.gate.open();
			try (HttpConnection connection = new HttpConnection(this.channel)) {
				assertThat(connection.get("/hello").response()).doesNotContain("Connection: close");
				assertThat(connection.get("/hello").response()).endsWith("hello");
			}
		}
	}

	@Test
	void resumeKeepAliveWhenConnectionsAreHttp2KeepsNewOnes() throws Exception {
		try (GatedTomcat tomcat = open((factory) -> {
			http2(factory);
			factory.addConnectorCustomizers(
					(connector) -> ((Http2Protocol) connector.findUpgradeProtocols()[0]).setKeepAliveTimeout(-1));
		})) {
			try (Http2Connection before = new Http2Connection(this.channel)) {
				before.get(1, "/hello");
				assertThat(before.await(Http2Connection.DATA).text()).isEqualTo("hello");
				drain(tomcat);
				// Without a timeout it is up to the client to go when it is told so
				before.await(Http2Connection.GOAWAY);
			}
			awaitDrained(tomcat);
			tomcat.server().resumeKeepAlive();
			tomcat.gate.open();
			try (Http2Connection connection = new Http2Connection(this.channel)) {
				connection.get(1, "/hello");
				assertThat(connection.await(Http2Connection.DATA).text()).isEqualTo("hello");
				Awaitility.await()
					.during(Duration.ofSeconds(3))
					.until(() -> tomcat.server().drainingConnections() == 1);
				connection.get(3, "/hello");
				assertThat(connection.await(Http2Connection.DATA).text()).isEqualTo("hello");
			}
		}
	}

	@Test
	void endKeepAliveWhenRequestIsInFlightCompletesItAndCloses() throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection connection = new HttpConnection(this.channel)) {
			connection.get("/held");
			tomcat.awaitHeld();
			drain(tomcat);
			assertThat(tomcat.server().drainingConnections()).isEqualTo(1);
			Awaitility.await().during(Duration.ofSeconds(1)).until(() -> !connection.hasInput());
			tomcat.release.countDown();
			assertThat(connection.response()).startsWith("HTTP/1.1 200").contains("Connection: close").endsWith("held");
			assertThat(connection.isClosedByPeer()).isTrue();
			awaitDrained(tomcat);
		}
	}

	@Test
	void lastTransferGrowsAsLongAsAClientReads() throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection connection = new HttpConnection(this.channel)) {
			connection.get("/download");
			tomcat.awaitHeld();
			awaitRest(tomcat);
			for (int read = 0; read < 5; read++) {
				long before = tomcat.server().lastTransfer();
				connection.read(8 * 1024 * 1024);
				Awaitility.await().until(() -> tomcat.server().lastTransfer() > before);
				awaitRest(tomcat);
			}
			assertThat(tomcat.server().requestsInFlight()).isOne();
		}
	}

	@Test
	void lastTransferGrowsAsLongAsAClientSends() throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection connection = new HttpConnection(this.channel)) {
			connection.send("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n");
			tomcat.awaitHeld();
			awaitRest(tomcat);
			long before = tomcat.server().lastTransfer();
			connection.send("x");
			Awaitility.await().until(() -> tomcat.server().lastTransfer() > before);
			assertThat(tomcat.server().requestsInFlight()).isOne();
		}
	}

	@Test
	void lastTransferIsNotThatOfARequestWithoutAThread() throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection connection = new HttpConnection(this.channel)) {
			connection.get("/async");
			tomcat.awaitHeld();
			Awaitility.await().until(() -> tomcat.server().waitingConnections() == 1);
			assertThat(tomcat.server().lastTransfer()).isZero();
		}
	}

	@Test
	void endKeepAliveWhenResponseIsStreamedAfterwardsTellsTheClientToGo() throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection connection = new HttpConnection(this.channel)) {
			connection.get("/held-streamed");
			tomcat.awaitHeld();
			drain(tomcat);
			tomcat.release.countDown();
			assertThat(connection.response()).startsWith("HTTP/1.1 200").contains("Connection: close");
			assertThat(connection.response()).as("body whose end can be seen").isEqualTo("8\r\nstreamed\r\n0\r\n\r\n");
			assertThat(connection.isClosedByPeer()).isTrue();
			awaitDrained(tomcat);
		}
	}

	@Test
	void endKeepAliveWhenResponseIsCommittedCompletesItAndClosesWhenIdle() throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection connection = new HttpConnection(this.channel)) {
			connection.get("/held-committed");
			tomcat.awaitHeld();
			drain(tomcat);
			tomcat.release.countDown();
			assertThat(connection.response()).startsWith("HTTP/1.1 200").endsWith("held");
			awaitDrained(tomcat);
			assertThat(connection.isClosedByPeer()).isTrue();
		}
	}

	@Test
	void endKeepAliveWhenRequestIsAsynchronousCompletesItAndCloses() throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection connection = new HttpConnection(this.channel)) {
			connection.get("/async");
			tomcat.awaitHeld();
			drain(tomcat);
			Awaitility.await().during(Duration.ofSeconds(2)).until(() -> !connection.hasInput());
			assertThat(tomcat.server().drainingConnections()).isEqualTo(1);
			assertThat(tomcat.server().waitingConnections()).isEqualTo(1);
			tomcat.release.countDown();
			assertThat(connection.response()).contains("Connection: close").endsWith("async");
			awaitDrained(tomcat);
		}
	}

	@Test
	void closeIdleConnectionsClosesThemAndNoOther() throws Exception {
		try (GatedTomcat tomcat = open();
				HttpConnection idle = new HttpConnection(this.channel);
				HttpConnection halfSent = new HttpConnection(this.channel);
				HttpConnection upload = new HttpConnection(this.channel)) {
			assertThat(idle.get("/hello").response()).endsWith("hello");
			halfSent.send("GET /hello HTTP/1.1\r\nHo");
			upload.send("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\nabc");
			tomcat.awaitHeld();
			Awaitility.await().until(() -> tomcat.server().connections() == 3);
			assertThat(tomcat.server().waitingConnections()).isZero();
			drain(tomcat);
			assertThat(idle.isClosedByPeer()).isTrue();
			Awaitility.await().during(Duration.ofSeconds(2)).until(() -> {
				tomcat.server().closeIdleConnections();
				return tomcat.server().drainingConnections() == 2;
			});
			halfSent.send("st: localhost\r\n\r\n");
			upload.send("def");
			assertThat(halfSent.response()).endsWith("hello");
			assertThat(upload.response()).endsWith("bytes=6");
			awaitDrained(tomcat);
		}
	}

	@Test
	void drainingConnectionsWhenConnectionIsUpgradedDoesNotWaitForIt() throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection connection = new HttpConnection(this.channel)) {
			assertThat(connection.get("/upgrade", "Connection: upgrade", "Upgrade: echo").response())
				.startsWith("HTTP/1.1 101");
			drain(tomcat);
			awaitDrained(tomcat);
			assertThat(tomcat.server().connections()).isEqualTo(1);
			assertThat(connection.hasInput()).isFalse();
		}
	}

	@Test
	void endKeepAliveWhenConnectionIsHttp2CompletesStreamsAndCloses() throws Exception {
		try (GatedTomcat tomcat = open(this::http2); Http2Connection connection = new Http2Connection(this.channel)) {
			connection.get(1, "/held");
			tomcat.awaitHeld();
			drain(tomcat);
			Http2Connection.Frame first = connection.await(Http2Connection.GOAWAY);
			assertThat(first.lastStream()).isEqualTo(Integer.MAX_VALUE);
			assertThat(first.errorCode()).isZero();
			connection.get(3, "/hello");
			assertThat(connection.await(Http2Connection.DATA).text()).isEqualTo("hello");
			Awaitility.await().during(Duration.ofSeconds(3)).until(() -> tomcat.server().drainingConnections() == 1);
			tomcat.release.countDown();
			assertThat(connection.await(Http2Connection.DATA).text()).isEqualTo("held");
			Http2Connection.Frame last = connection.await(Http2Connection.GOAWAY);
			assertThat(last.lastStream()).isEqualTo(3);
			assertThat(last.errorCode()).isZero();
			assertThat(connection.await()).isNull();
			awaitDrained(tomcat);
		}
	}

	@Test
	void endKeepAliveWhenHttp2ConnectionIsIdleClosesIt() throws Exception {
		try (GatedTomcat tomcat = open(this::http2);
				Http2Connection connection = new Http2Connection(this.channel);
				Http2Connection unused = new Http2Connection(this.channel)) {
			connection.get(1, "/hello");
			assertThat(connection.await(Http2Connection.DATA).text()).isEqualTo("hello");
			assertThat(unused.await(Http2Connection.SETTINGS)).isNotNull();
			drain(tomcat);
			assertThat(connection.await(Http2Connection.GOAWAY).lastStream()).isEqualTo(Integer.MAX_VALUE);
			assertThat(connection.await(Http2Connection.GOAWAY).lastStream()).isEqualTo(1);
			assertThat(connection.await()).isNull();
			assertThat(unused.await()).isNull();
			awaitDrained(tomcat);
		}
	}

	@Test
	void endKeepAliveWhenHttp2ConnectionsNeverTimeOutClosesThemAfterTheirStreams() throws Exception {
		try (GatedTomcat tomcat = open((factory) -> {
			http2(factory);
			factory.addConnectorCustomizers(
					(connector) -> ((Http2Protocol) connector.findUpgradeProtocols()[0]).setKeepAliveTimeout(-1));
		}); Http2Connection connection = new Http2Connection(this.channel)) {
			connection.get(1, "/held");
			tomcat.awaitHeld();
			drain(tomcat);
			tomcat.release.countDown();
			assertThat(connection.await(Http2Connection.DATA).text()).isEqualTo("held");
			awaitDrained(tomcat);
		}
	}

	@Test
	void responsesCountsEveryAnsweredRequestOnce() throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection connection = new HttpConnection(this.channel)) {
			connection.get("/hello").response();
			connection.get("/missing").response();
			connection.get("/async");
			tomcat.awaitHeld();
			Awaitility.await().until(() -> tomcat.server().responses().total() == 2);
			tomcat.release.countDown();
			connection.response();
			Awaitility.await().until(() -> tomcat.server().responses().total() == 3);
			Awaitility.await().during(Duration.ofMillis(200)).until(() -> tomcat.server().responses().total() == 3);
		}
	}

	@Test
	void responsesAreCountedByTheClassOfTheirStatus() throws Exception {
		try (GatedTomcat tomcat = open()) {
			for (String path : List.of("/status?200", "/status?201", "/status?302", "/status?404", "/status?409",
					"/status?418", "/status?503", "/status?999", "/broken")) {
				// Tomcat keeps no connection alive after some of these
				try (HttpConnection connection = new HttpConnection(this.channel)) {
					connection.get(path).response();
				}
			}
			awaitResponses(tomcat, new ResponseCounts(0, 2, 1, 3, 3));
		}
	}

	@Test
	void responsesWhenAsynchronousRequestFailsIsOneServerError() throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection connection = new HttpConnection(this.channel)) {
			tomcat.release.countDown();
			assertThat(connection.get("/async?broken").response()).startsWith("HTTP/1.1 500");
			awaitResponses(tomcat, new ResponseCounts(0, 0, 0, 0, 1));
		}
	}

	@Test
	void responsesWhenAsynchronousRequestTimesOutIsOneServerError() throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection connection = new HttpConnection(this.channel)) {
			assertThat(connection.get("/async?timeout").response()).startsWith("HTTP/1.1 500");
			awaitResponses(tomcat, new ResponseCounts(0, 0, 0, 0, 1));
		}
	}

	@Test
	void responsesWhenConnectionIsHttp2CountsStreams() throws Exception {
		try (GatedTomcat tomcat = open(this::http2); Http2Connection connection = new Http2Connection(this.channel)) {
			connection.get(1, "/hello");
			connection.get(3, "/missing");
			connection.get(5, "/broken");
			awaitResponses(tomcat, new ResponseCounts(0, 1, 0, 1, 1));
		}
	}

	@Test
	void responsesWhenRequestIsNoHttpIsAClientError() throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection connection = new HttpConnection(this.channel)) {
			connection.send("GET /hello\\ HTTP/1.1\r\nHost: local host\r\n\r\n");
			assertThat(connection.response()).startsWith("HTTP/1.1 400");
			awaitResponses(tomcat, new ResponseCounts(0, 0, 0, 1, 0));
		}
	}

	@Test
	void responsesWhenClientGivesUpAnUploadIsNoServerError() throws Exception {
		try (GatedTomcat tomcat = open()) {
			try (HttpConnection connection = new HttpConnection(this.channel)) {
				connection.send("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\nabc");
				tomcat.awaitHeld();
			}
			awaitResponses(tomcat, new ResponseCounts(0, 0, 0, 1, 0));
		}
	}

	@Test
	void responsesWhenConnectionIsUpgradedIsInformational() throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection connection = new HttpConnection(this.channel)) {
			connection.get("/upgrade", "Connection: upgrade", "Upgrade: echo").response();
			awaitResponses(tomcat, new ResponseCounts(1, 0, 0, 0, 0));
		}
	}

	private void awaitResponses(GatedTomcat tomcat, ResponseCounts expected) {
		Awaitility.await().untilAsserted(() -> assertThat(tomcat.server().responses()).isEqualTo(expected));
	}

	@Test
	void connectionsFollowsThemAsTheyComeAndGo() throws Exception {
		try (GatedTomcat tomcat = open()) {
			assertThat(tomcat.server().connections()).isZero();
			try (HttpConnection connection = new HttpConnection(this.channel)) {
				connection.get("/hello").response();
				assertThat(tomcat.server().connections()).isEqualTo(1);
			}
			Awaitility.await().until(() -> tomcat.server().connections() == 0);
		}
	}

	@Test
	void serverThatWasNeverStartedHasNothingToDrain() {
		TomcatGatedServer server = new TomcatGatedServer();
		server.endKeepAlive();
		server.closeIdleConnections();
		assertThat(server.connections()).isZero();
		assertThat(server.drainingConnections()).isZero();
		assertThat(server.responses()).isEqualTo(ResponseCounts.NONE);
		assertThat(server.requestsInFlight()).isZero();
		assertThat(server.requestTimes()).isEqualTo(RequestTimes.NONE);
		assertThat(server.isPoolFull()).isFalse();
		assertThat(server.finishedTasks()).isZero();
	}

	private GatedTomcat open() throws IOException {
		return open((factory) -> {
		});
	}

	private GatedTomcat open(Consumer<TomcatServletWebServerFactory> configuration) throws IOException {
		GatedTomcat tomcat = new GatedTomcat(this.channel, configuration);
		tomcat.gate.open();
		return tomcat;
	}

	private void http2(TomcatServletWebServerFactory factory) {
		Http2 http2 = new Http2();
		http2.setEnabled(true);
		factory.setHttp2(http2);
	}

	private void drain(GatedTomcat tomcat) {
		tomcat.gate.close();
		tomcat.server().endKeepAlive();
		tomcat.server().closeIdleConnections();
	}

	private void awaitDrained(GatedTomcat tomcat) {
		Awaitility.await().until(() -> {
			tomcat.server().closeIdleConnections();
			return tomcat.server().drainingConnections() == 0;
		});
	}

	@Test
	void requestsInFlightCountsARequestWhileItIsHandled() throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection connection = new HttpConnection(this.channel)) {
			connection.get("/hello").response();
			awaitInFlight(tomcat, 0);
			connection.get("/held");
			tomcat.awaitHeld();
			assertThat(tomcat.server().requestsInFlight()).isEqualTo(1);
			tomcat.release.countDown();
			connection.response();
			awaitInFlight(tomcat, 0);
		}
	}

	@Test
	void requestsInFlightWhenRequestIsAsynchronousCountsItOnceUntilItIsAnswered() throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection connection = new HttpConnection(this.channel)) {
			connection.get("/async");
			tomcat.awaitHeld();
			Awaitility.await().during(Duration.ofMillis(300)).until(() -> tomcat.server().requestsInFlight() == 1);
			tomcat.release.countDown();
			assertThat(connection.response()).endsWith("async");
			awaitInFlight(tomcat, 0);
			assertThat(connection.get("/hello").response()).endsWith("hello");
			awaitInFlight(tomcat, 0);
		}
	}

	@Test
	void requestsInFlightWhenClientOfAsynchronousRequestIsGoneEnds() throws Exception {
		try (GatedTomcat tomcat = open()) {
			try (HttpConnection connection = new HttpConnection(this.channel)) {
				connection.get("/async");
				tomcat.awaitHeld();
				assertThat(tomcat.server().requestsInFlight()).isEqualTo(1);
			}
			tomcat.release.countDown();
			awaitInFlight(tomcat, 0);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /hello HTTP/1.1\r\n\r\n", "GARBAGE\r\n\r\n",
			"GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /hello HTTP/1.1\r\nHost: a b\r\n\r\n",
			"GET hello HTTP/1.1\r\nHost: localhost\r\n\r\n" })
	void requestsInFlightWhenTomcatRefusesTheRequestItselfIsNotNegative(String request) throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection connection = new HttpConnection(this.channel)) {
			assertThat(connection.send(request).response()).startsWith("HTTP/1.1 400");
			Awaitility.await().until(() -> tomcat.server().responses().total() == 1);
			assertThat(tomcat.server().requestsInFlight()).isZero();
		}
	}

	@Test
	void requestsInFlightWhenConnectionIsHttp2CountsStreams() throws Exception {
		try (GatedTomcat tomcat = open(this::http2); Http2Connection connection = new Http2Connection(this.channel)) {
			connection.get(1, "/held");
			connection.get(3, "/held");
			awaitInFlight(tomcat, 2);
			tomcat.release.countDown();
			awaitInFlight(tomcat, 0);
		}
	}

	private void awaitInFlight(GatedTomcat tomcat, int count) {
		Awaitility.await().until(() -> tomcat.server().requestsInFlight() == count);
	}

	private static void awaitRest(GatedTomcat tomcat) {
		long[] last = { -1 };
		Awaitility.await().pollInterval(Duration.ofMillis(200)).until(() -> {
			long before = last[0];
			last[0] = tomcat.server().lastTransfer();
			return last[0] == before;
		});
	}

}
