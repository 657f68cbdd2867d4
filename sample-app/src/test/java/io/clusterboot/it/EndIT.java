package io.clusterboot.it;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application hears of its end in time, and has time to end.
 */
class EndIT {

	// Of the 30 s that a drain may take
	private static final Duration SOON = Duration.ofSeconds(10);

	@Test
	void streamsThatTheApplicationEndsDelayNeitherAReloadNorTheEnd(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test).workers("1")
			.arguments("--sample.events=true")
			.start()) {
			cluster.awaitSettled();
			CompletableFuture<HttpResponse<Stream<String>>> stream = open(cluster);
			ClusterStatus.Reload reload = cluster.reload("{}");
			cluster.awaitOutput("draining: replaced by");
			assertEnded(stream);
			cluster.awaitReload(reload.id());
			stream = open(cluster);
			cluster.signal("TERM");
			assertThat(cluster.awaitExit(SOON)).isEqualTo(143);
			assertEnded(stream);
			assertThat(cluster.output().lines("cut off|cut \\d+ requests")).isEmpty();
		}
	}

	@Test
	void applicationHasTimeToCloseAfterTheDrain(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test).workers("1")
			.arguments("--sample.close-delay=7s", "--cluster.drain.timeout=1s")
			.start()) {
			cluster.awaitSettled();
			cluster.signal("TERM");
			assertThat(cluster.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
			assertThat(cluster.output().lines("Finished on pid=")).hasSize(1);
		}
	}

	private CompletableFuture<HttpResponse<Stream<String>>> open(ClusterProcess cluster) throws Exception {
		CompletableFuture<HttpResponse<Stream<String>>> stream = HttpClient.newHttpClient()
			.sendAsync(HttpRequest.newBuilder(URI.create("http://localhost:" + cluster.port() + "/events")).build(),
					BodyHandlers.ofLines());
		assertThat(stream.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
		return stream;
	}

	private void assertEnded(CompletableFuture<HttpResponse<Stream<String>>> stream) throws Exception {
		Stream<String> lines = stream.get().body();
		assertThat(CompletableFuture.supplyAsync(lines::toList).get(SOON.toSeconds(), TimeUnit.SECONDS))
			.contains("data:end");
	}

}
