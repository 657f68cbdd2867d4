package io.clusterboot.it.variant;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * An application whose context fails.
 */
@AutoConfiguration
public final class FailingAutoConfiguration {

	@Bean
	InitializingBean failing() {
		return () -> {
			throw new IllegalStateException("This version is broken");
		};
	}

}
