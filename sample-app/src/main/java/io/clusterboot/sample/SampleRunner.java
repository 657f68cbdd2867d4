package io.clusterboot.sample;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Keeps the application from being ready: {@code sample.runner=own-port} until its own
 * port answers, {@code busy} until it has used four seconds of processor time,
 * {@code endless} for ever.
 */
@Component
@ConditionalOnProperty("sample.runner")
class SampleRunner implements ApplicationRunner {

	private static final Duration WORK = Duration.ofSeconds(4);

	private final Environment environment;

	SampleRunner(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void run(ApplicationArguments arguments) throws Exception {
		switch (this.environment.getProperty("sample.runner", "")) {
			case "endless" -> new CountDownLatch(1).await();
			case "busy" -> work();
			default -> callItself();
		}
	}

	private static void work() {
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		long end = threads.getCurrentThreadCpuTime() + WORK.toNanos();
		while (threads.getCurrentThreadCpuTime() < end) {
			Thread.onSpinWait();
		}
	}

	private void callItself() throws IOException, InterruptedException {
		URI self = URI.create("http://localhost:" + this.environment.getProperty("local.server.port") + "/");
		String answer = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(self).build(), BodyHandlers.ofString())
			.body();
		System.out.println("Warmed up: " + answer);
	}

}
