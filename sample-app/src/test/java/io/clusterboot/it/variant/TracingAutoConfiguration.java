package io.clusterboot.it.variant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * An application that writes down how far it came, and goes wrong when it is trained, if
 * it is told to.
 */
@AutoConfiguration
@EnableScheduling
public class TracingAutoConfiguration {

	@Bean
	InitializingBean beans() {
		return () -> {
			trace("beans");
			if (System.getProperty("cluster.training.directory") != null) {
				goWrong(System.getenv().getOrDefault("SAMPLE_WHEN_TRAINED", ""));
			}
		};
	}

	@Bean
	ApplicationRunner runner() {
		return (arguments) -> trace("runner");
	}

	@Scheduled(fixedDelay = Long.MAX_VALUE)
	void scheduler() throws IOException {
		trace("scheduler");
	}

	private static void goWrong(String how) throws InterruptedException {
		if (how.equals("exit")) {
			System.err.println("ERROR: not in the mood for training");
			Runtime.getRuntime().halt(3);
		}
		if (how.equals("hang")) {
			Thread.currentThread().join();
		}
	}

	private static void trace(String what) throws IOException {
		String file = System.getenv("SAMPLE_TRACE");
		Files.writeString(Path.of(file), "%s %d%n".formatted(what, ProcessHandle.current().pid()),
				StandardOpenOption.CREATE, StandardOpenOption.APPEND);
	}

}
