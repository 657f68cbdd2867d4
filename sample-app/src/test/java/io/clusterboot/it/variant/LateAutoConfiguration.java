package io.clusterboot.it.variant;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * An application whose start does not go on for as long as there is a file that bears the
 * number of its slot.
 */
@AutoConfiguration
public final class LateAutoConfiguration {

	@Bean
	InitializingBean late(@Value("${cluster.worker.slot}") String slot) {
		return () -> {
			Path file = Path.of(System.getenv("SAMPLE_LATE"), slot);
			while (Files.exists(file)) {
				new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
			}
		};
	}

}
