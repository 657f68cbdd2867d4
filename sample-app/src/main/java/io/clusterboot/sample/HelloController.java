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

	private final String worker;

	private final String generation;

	private final String version;

	HelloController(Environment environment) {
		this.environment = environment;
		this.worker = environment.getProperty("cluster.worker.id", "none");
		this.generation = environment.getProperty("cluster.worker.generation", "none");
		this.version = environment.getProperty("sample.version", "1");
	}

	@GetMapping("/")
	String hello() {
		// That of a spare changes
		String slot = this.environment.getProperty("cluster.worker.slot", "none");
		return FORMAT.formatted(this.worker, slot, ProcessHandle.current().pid(), this.generation, this.version);
	}

}
