package io.clusterboot.sample;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Prints on request.
 */
@RestController
class PrintController {

	private static final String LINE = "Line %d of %d of request %s on %s of pid=%d";

	private final long pid = ProcessHandle.current().pid();

	@GetMapping("/print")
	String print(@RequestParam(defaultValue = "10") int lines, @RequestParam(defaultValue = "0") String request) {
		for (int line = 1; line <= lines; line++) {
			System.out.println(LINE.formatted(line, lines, request, "stdout", this.pid));
			System.err.println(LINE.formatted(line, lines, request, "stderr", this.pid));
		}
		return "Printed %d lines on pid=%d".formatted(lines, this.pid);
	}

}
