package io.clusterboot.it.variant;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * An application whose start takes as many milliseconds longer as a file says, for as
 * long as there is that file.
 */
@AutoConfiguration
public final class LateAutoConfiguration {

	@Bean
	InitializingBean late() {
		return () -> {
			Path file = Path.of(System.getenv("SAMPLE_LATE"));
			if (Files.exists(file)) {
				new CountDownLatch(1).await(Long.parseLong(Files.readString(file).strip()), TimeUnit.MILLISECONDS);
			}
		};
	}

}
