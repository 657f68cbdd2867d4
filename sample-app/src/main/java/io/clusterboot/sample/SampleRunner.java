package io.clusterboot.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CountDownLatch;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Keeps the application from being ready: {@code sample.runner=own-port} until its own
 * port answers, {@code sample.runner=endless} for ever.
 */
@Component
@ConditionalOnProperty("sample.runner")
class SampleRunner implements ApplicationRunner {

	private final Environment environment;

	SampleRunner(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void run(ApplicationArguments arguments) throws Exception {
		if ("endless".equals(this.environment.getProperty("sample.runner"))) {
			new CountDownLatch(1).await();
		}
		URI self = URI.create("http://localhost:" + this.environment.getProperty("local.server.port") + "/");
		String answer = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(self).build(), BodyHandlers.ofString())
			.body();
		System.out.println("Warmed up: " + answer);
	}

}
