package io.clusterboot.it.variant;

import java.util.concurrent.CountDownLatch;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * An application whose start never ends.
 */
@AutoConfiguration
public final class HangingAutoConfiguration {

	@Bean
	InitializingBean hanging() {
		return () -> new CountDownLatch(1).await();
	}

}
