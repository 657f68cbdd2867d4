package io.clusterboot.it.variant;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * An application that exits while it starts.
 */
@AutoConfiguration
public final class ExitingAutoConfiguration {

	/**
	 * The property with the exit code.
	 */
	public static final String CODE = "variant.exit-code";

	@Bean
	InitializingBean exiting(@Value("${" + CODE + "}") int code) {
		return () -> {
			System.out.println("This version exits with " + code);
			Runtime.getRuntime().halt(code);
		};
	}

}
