package io.clusterboot.sample;

import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Says which worker answered.
 */
@RestController
class HelloController {

	// As long from every worker, because ab counts an answer of another length as failed
	private static final String FORMAT = "Hello from worker=%-6s slot=%-4s pid=%-8d generation=%-6s version=%s";

	private final String hello;

	HelloController(Environment environment) {
		this.hello = FORMAT.formatted(environment.getProperty("cluster.worker.id", "none"),
				environment.getProperty("cluster.worker.slot", "none"), ProcessHandle.current().pid(),
				environment.getProperty("cluster.worker.generation", "none"),
				environment.getProperty("sample.version", "1"));
	}

	@GetMapping("/")
	String hello() {
		return this.hello;
	}

}
