package io.clusterboot.it.variant;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * An application that dies a second after it was ready.
 */
@AutoConfiguration
public final class DyingAutoConfiguration {

	@Bean
	ApplicationRunner dying() {
		Executor later = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);
		// The application is ready when its runners are done
		return (arguments) -> later.execute(() -> {
			System.out.println("This version dies");
			Runtime.getRuntime().halt(1);
		});
	}

}
