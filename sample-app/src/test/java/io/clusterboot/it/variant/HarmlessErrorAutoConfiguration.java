package io.clusterboot.it.variant;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;

/**
 * An application that loses a thread nobody needs soon after it is ready.
 */
@AutoConfiguration
public final class HarmlessErrorAutoConfiguration {

	@Bean
	ApplicationListener<ApplicationReadyEvent> losingAThread() {
		return (event) -> {
			Thread thread = new Thread(() -> {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
				throw new NoClassDefFoundError("optional/Native");
			}, "optional-" + ProcessHandle.current().pid());
			thread.setDaemon(true);
			thread.start();
		};
	}

}
