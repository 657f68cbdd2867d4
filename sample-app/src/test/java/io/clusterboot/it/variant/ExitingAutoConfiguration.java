package io.clusterboot.it.variant;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * An application that exits with code 3 while it starts.
 */
@AutoConfiguration
public final class ExitingAutoConfiguration {

	@Bean
	InitializingBean exiting() {
		return () -> Runtime.getRuntime().halt(3);
	}

}
