package io.clusterboot.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * A small web application that is a cluster because its configuration says so.
 */
@SpringBootApplication
@EnableScheduling
public class SampleApplication {

	public static void main(String[] args) {
		if (Boolean.getBoolean("sample.console")) {
			Console.open();
		}
		SpringApplication.run(SampleApplication.class, args);
	}

}
