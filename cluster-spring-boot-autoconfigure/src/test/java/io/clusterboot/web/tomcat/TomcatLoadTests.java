package io.clusterboot.web.tomcat;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.function.Consumer;

import io.clusterboot.RequestTimes;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Http2;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@link TomcatGatedServer} tells about times and threads.
 */
@Timeout(60)
class TomcatLoadTests {

	private static final Duration HELD = Duration.ofMillis(300);

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
	void requestTimesTellsHowLongARequestTook() throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection connection = new HttpConnection(this.channel)) {
			connection.get("/held");
			hold(tomcat);
			connection.response();
			awaitTimes(tomcat, HELD);
		}
	}

	@Test
	void requestTimesWhenRequestIsAsynchronousTellsHowLongItTookUntilItWasAnswered() throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection connection = new HttpConnection(this.channel)) {
			connection.get("/async");
			hold(tomcat);
			connection.response();
			awaitTimes(tomcat, HELD);
		}
	}

	@Test
	void requestTimesWhenConnectionIsHttp2TellsHowLongTheStreamTook() throws Exception {
		try (GatedTomcat tomcat = open((factory) -> {
			Http2 http2 = new Http2();
			http2.setEnabled(true);
			factory.setHttp2(http2);
		}); Http2Connection connection = new Http2Connection(this.channel)) {
			connection.get(1, "/held");
			hold(tomcat);
			awaitTimes(tomcat, HELD);
		}
	}

	@Test
	void requestTimesWhenConnectionIsKeptAliveIsWithoutTheTimeBetweenRequests() throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection connection = new HttpConnection(this.channel)) {
			connection.get("/hello").response();
			Duration warm = awaitTimes(tomcat, Duration.ZERO).total();
			Awaitility.await().during(Duration.ofSeconds(1)).until(() -> !connection.hasInput());
			connection.get("/hello").response();
			Awaitility.await().until(() -> count(tomcat.server().requestTimes()) == 2);
			assertThat(tomcat.server().requestTimes().total().minus(warm)).isLessThan(Duration.ofSeconds(1));
		}
	}

	@Test
	void requestTimesWhenTomcatRefusesTheRequestItselfCountsIt() throws Exception {
		try (GatedTomcat tomcat = open(); HttpConnection connection = new HttpConnection(this.channel)) {
			connection.send("GARBAGE\r\n\r\n").response();
			assertThat(awaitTimes(tomcat, Duration.ZERO).total()).isLessThan(Duration.ofSeconds(5));
		}
	}

	private void hold(GatedTomcat tomcat) throws InterruptedException {
		tomcat.awaitHeld();
		Awaitility.await().during(HELD).until(() -> tomcat.server().requestsInFlight() == 1);
		tomcat.release.countDown();
	}

	private RequestTimes awaitTimes(GatedTomcat tomcat, Duration atLeast) {
		Awaitility.await().until(() -> count(tomcat.server().requestTimes()) == 1);
		RequestTimes times = tomcat.server().requestTimes();
		assertThat(times.total()).isBetween(atLeast, atLeast.plusSeconds(10));
		assertThat(times.counts().get(RequestTimes.index(times.total().toNanos()))).isEqualTo(1);
		return times;
	}

	private static long count(RequestTimes times) {
		return times.counts().stream().mapToLong(Long::longValue).sum();
	}

	@Test
	void isPoolFullWhenEveryRequestThreadIsBusy() throws Exception {
		try (GatedTomcat tomcat = open(this::twoThreads);
				HttpConnection first = new HttpConnection(this.channel);
				HttpConnection second = new HttpConnection(this.channel);
				HttpConnection waiting = new HttpConnection(this.channel)) {
			first.get("/held");
			awaitInFlight(tomcat, 1);
			assertThat(tomcat.server().isPoolFull()).isFalse();
			second.get("/held");
			awaitInFlight(tomcat, 2);
			waiting.get("/hello");
			Awaitility.await().until(() -> tomcat.server().isPoolFull());
			long finished = tomcat.server().finishedTasks();
			tomcat.release.countDown();
			assertThat(waiting.response()).endsWith("hello");
			Awaitility.await().until(() -> !tomcat.server().isPoolFull());
			assertThat(tomcat.server().finishedTasks()).isGreaterThan(finished);
		}
	}

	@Test
	void isPoolFullWhenThreadsAreVirtualIsFalse() throws Exception {
		try (GatedTomcat tomcat = open((factory) -> factory.addConnectorCustomizers(
				(connector) -> connector.getProtocolHandler().setExecutor((task) -> new Thread(task).start())));
				HttpConnection connection = new HttpConnection(this.channel)) {
			connection.get("/held");
			tomcat.awaitHeld();
			assertThat(tomcat.server().isPoolFull()).isFalse();
		}
	}

	private void twoThreads(TomcatServletWebServerFactory factory) {
		factory.addConnectorCustomizers((connector) -> {
			connector.setProperty("minSpareThreads", "1");
			connector.setProperty("maxThreads", "2");
		});
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

	private void awaitInFlight(GatedTomcat tomcat, int count) {
		Awaitility.await().until(() -> tomcat.server().requestsInFlight() == count);
	}

}
