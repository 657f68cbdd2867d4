package io.clusterboot.web.tomcat;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import io.clusterboot.ResponseCounts;
import io.clusterboot.contract.WarmUpRequest;
import io.clusterboot.gate.SideDoor;
import io.clusterboot.worker.warmup.WarmUp;
import io.clusterboot.worker.warmup.WarmUpSettings;
import org.apache.catalina.valves.RemoteIpValve;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Ssl;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for Tomcat with a {@link SideDoor}.
 */
@Timeout(60)
class TomcatSideDoorTests {

	private ServerSocketChannel channel;

	private SideDoor door;

	@BeforeEach
	void listen() throws IOException {
		this.channel = GatedTomcat.listen();
		this.door = SideDoor.open(0);
	}

	@AfterEach
	void close() throws IOException {
		this.door.close();
		this.channel.close();
	}

	@Test
	void requestIsAnsweredThoughTheGateIsClosedAndCountsNowhere() throws Exception {
		try (GatedTomcat tomcat = open((factory) -> factory.addEngineValves(remoteIpValve()));
				HttpConnection aside = aside()) {
			assertThat(aside.get("/hello").response()).startsWith("HTTP/1.1 200").endsWith("hello");
			assertThat(aside.get("/hello", "X-Forwarded-Port: 7", "X-Forwarded-For: 203.0.113.7").response())
				.endsWith("hello");
			assertThat(aside.get("/status?404").response()).startsWith("HTTP/1.1 404");
			assertThat(aside.get("/held").hasInput()).isFalse();
			tomcat.awaitHeld();
			assertNothingCounted(tomcat);
			tomcat.release.countDown();
			assertThat(aside.response()).endsWith("held");
			assertThat(aside.send("NONSENSE\r\n\r\n").response()).startsWith("HTTP/1.1 400");
			assertNothingCounted(tomcat);
			tomcat.gate.open();
			try (HttpConnection front = new HttpConnection(this.channel)) {
				assertThat(front.get("/hello").response()).endsWith("hello");
				assertThat(tomcat.server().connections()).isOne();
				Awaitility.await().until(() -> tomcat.server().responses().total() == 1);
			}
		}
	}

	@Test
	void drainNeitherWaitsForTheSideDoorNorClosesIt() throws Exception {
		try (GatedTomcat tomcat = open((factory) -> {
		}); HttpConnection idle = aside()) {
			assertThat(idle.get("/hello").response()).endsWith("hello");
			tomcat.server().endKeepAlive();
			for (int i = 0; i < 5; i++) {
				tomcat.server().closeIdleConnections();
			}
			assertThat(tomcat.server().drainingConnections()).isZero();
			assertThat(idle.get("/hello").response()).endsWith("hello");
			try (HttpConnection another = aside()) {
				assertThat(another.get("/hello").response()).endsWith("hello");
			}
		}
	}

	@Test
	void serverThatSpeaksTlsIsWarmedUpByTls() throws Exception {
		try (GatedTomcat tomcat = open((factory) -> {
			Ssl ssl = new Ssl();
			ssl.setKeyStore("classpath:io/clusterboot/web/tomcat/test.p12");
			ssl.setKeyStorePassword("secret");
			factory.setSsl(ssl);
		})) {
			assertThat(tomcat.server().isSecure()).isTrue();
			WarmUp warmUp = new WarmUp(
					new WarmUpSettings(List.of(WarmUpRequest.parse("/hello")), Duration.ofSeconds(20), 1, true, null));
			assertThat(warmUp.run(this.door.address(), tomcat.server().isSecure(), 8080)).isNull();
			// More than Tomcat answers over one connection
			assertThat(warmUp.answered()).isGreaterThan(200);
			assertNothingCounted(tomcat);
		}
	}

	private static void assertNothingCounted(GatedTomcat tomcat) {
		assertThat(tomcat.server().connections()).isZero();
		assertThat(tomcat.server().requestsInFlight()).isZero();
		assertThat(tomcat.server().responses()).isEqualTo(ResponseCounts.NONE);
		assertThat(tomcat.server().requestTimes().count()).isZero();
	}

	private static RemoteIpValve remoteIpValve() {
		RemoteIpValve valve = new RemoteIpValve();
		valve.setChangeLocalPort(true);
		valve.setPortHeader("X-Forwarded-Port");
		return valve;
	}

	private GatedTomcat open(Consumer<TomcatServletWebServerFactory> configuration) throws IOException {
		GatedTomcat tomcat = new GatedTomcat(this.channel, configuration);
		tomcat.server().sideDoor(this.door.address().getPort());
		this.door.start(tomcat.gate, (connection) -> true);
		return tomcat;
	}

	private HttpConnection aside() throws IOException {
		return new HttpConnection(this.door.address().getPort());
	}

}
