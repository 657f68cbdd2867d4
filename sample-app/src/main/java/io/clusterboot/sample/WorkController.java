package io.clusterboot.sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * Requests that take their time: waiting, computing, receiving and sending.
 */
@RestController
class WorkController {

	private static final int CHUNKS = 10;

	private final long pid = ProcessHandle.current().pid();

	@GetMapping("/slow")
	String slow(@RequestParam(defaultValue = "1000") long ms) throws InterruptedException {
		Thread.sleep(ms);
		return "Waited %d ms on pid=%d".formatted(ms, this.pid);
	}

	@GetMapping("/cpu")
	String cpu(@RequestParam(defaultValue = "100") long ms) {
		long end = System.nanoTime() + Duration.ofMillis(ms).toNanos();
		long rounds = 0;
		while (System.nanoTime() - end < 0) {
			rounds++;
		}
		return "Computed %d rounds in %d ms on pid=%d".formatted(rounds, ms, this.pid);
	}

	@PostMapping("/upload")
	String upload(InputStream body) throws IOException {
		long bytes = body.transferTo(OutputStream.nullOutputStream());
		return "Received %d bytes on pid=%d".formatted(bytes, this.pid);
	}

	@GetMapping("/stream")
	ResponseEntity<StreamingResponseBody> stream(@RequestParam(defaultValue = "1000") long ms) {
		return ResponseEntity.ok().contentType(MediaType.TEXT_PLAIN).body((output) -> stream(output, ms));
	}

	private void stream(OutputStream output, long ms) throws IOException {
		for (int chunk = 1; chunk <= CHUNKS; chunk++) {
			pause(ms / CHUNKS);
			output.write(
					"Chunk %d of %d on pid=%d%n".formatted(chunk, CHUNKS, this.pid).getBytes(StandardCharsets.UTF_8));
			output.flush();
		}
	}

	private void pause(long ms) throws IOException {
		try {
			Thread.sleep(ms);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted while streaming", ex);
		}
	}

}
