package io.clusterboot.sample;

import java.util.ArrayList;
import java.util.List;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Ways for a process to end that nobody wants, on request.
 */
@RestController
class FailureController {

	private static final int BLOCK = 16 * 1024 * 1024;

	@GetMapping("/crash")
	void crash() {
		Runtime.getRuntime().halt(1);
	}

	@GetMapping("/exit")
	String exit(@RequestParam(defaultValue = "0") int code) {
		// The shutdown waits for requests in flight, so this one must not wait for it
		new Thread(() -> System.exit(code), "sample-exit").start();
		return "Exiting with code %d on pid=%d".formatted(code, ProcessHandle.current().pid());
	}

	@GetMapping("/oom")
	void oom() {
		List<byte[]> hoard = new ArrayList<>();
		while (true) {
			hoard.add(new byte[BLOCK]);
		}
	}

}
