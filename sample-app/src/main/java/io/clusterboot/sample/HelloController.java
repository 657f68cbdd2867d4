package io.clusterboot.sample;

import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Says which worker answered.
 */
@RestController
class HelloController {

	private final String hello;

	HelloController(Environment environment) {
		this.hello = "Hello from worker=%s slot=%s pid=%d generation=%s version=%s".formatted(
				environment.getProperty("cluster.worker.id", "none"),
				environment.getProperty("cluster.worker.slot", "none"), ProcessHandle.current().pid(),
				environment.getProperty("cluster.worker.generation", "none"),
				environment.getProperty("sample.version", "1"));
	}

	@GetMapping("/")
	String hello() {
		return this.hello;
	}

}
