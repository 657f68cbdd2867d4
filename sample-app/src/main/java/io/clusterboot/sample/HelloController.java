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

	private final Environment environment;

	HelloController(Environment environment) {
		this.environment = environment;
	}

	@GetMapping("/")
	String hello() {
		return FORMAT.formatted(property("cluster.worker.id", "none"), property("cluster.worker.slot", "none"),
				ProcessHandle.current().pid(), property("cluster.worker.generation", "none"),
				property("sample.version", "1"));
	}

	private String property(String name, String fallback) {
		return this.environment.getProperty(name, fallback);
	}

}
