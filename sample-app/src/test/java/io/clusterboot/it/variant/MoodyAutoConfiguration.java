package io.clusterboot.it.variant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * An application that starts late, or not at all, for as long as a file says so: with a
 * number of milliseconds, or with {@code fail}.
 */
@AutoConfiguration
public final class MoodyAutoConfiguration {

	@Bean
	InitializingBean moody() {
		return () -> {
			String mood = mood();
			if (mood.equals("fail")) {
				throw new IllegalStateException("Not in the mood");
			}
			if (!mood.isEmpty()) {
				new CountDownLatch(1).await(Long.parseLong(mood), TimeUnit.MILLISECONDS);
			}
		};
	}

	private static String mood() throws IOException {
		Path file = Path.of(System.getenv("SAMPLE_MOOD"));
		return Files.exists(file) ? Files.readString(file).strip() : "";
	}

}
