import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Sends requests at a constant rate, whether or not those before have been answered, as
 * people do: a server that stands still for a second lets a second's requests wait, which
 * a client that waits for each answer would never send.
 * <p>
 * {@code java OpenLoop.java RATE URL FILE}: until {@code FILE.stop} exists. A line of the
 * file is a request: when it was due, in milliseconds since the epoch, how long it took
 * from then on, in milliseconds, and the status, or 0 if there was no answer.
 */
public class OpenLoop {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	// More that wait for an answer would only measure this machine's memory
	private static final int MOST = 20_000;

	public static void main(String[] args) throws Exception {
		double rate = Double.parseDouble(args[0]);
		URI url = URI.create(args[1]);
		Path file = Path.of(args[2]);
		Path stop = Path.of(args[2] + ".stop");
		HttpClient client = HttpClient.newBuilder()
			.version(Version.HTTP_1_1)
			.connectTimeout(TIMEOUT)
			.executor(Executors.newFixedThreadPool(2))
			.build();
		HttpRequest request = HttpRequest.newBuilder(url).timeout(TIMEOUT).build();
		Queue<String> lines = new ConcurrentLinkedQueue<>();
		Semaphore waiting = new Semaphore(MOST);
		long start = System.nanoTime();
		long epoch = System.currentTimeMillis();
		long checked = start;
		for (long i = 0;; i++) {
			long due = start + (long) (i * 1e9 / rate);
			long now = System.nanoTime();
			if (now - checked > 100_000_000) {
				checked = now;
				if (Files.exists(stop)) {
					break;
				}
			}
			if (due > now) {
				TimeUnit.NANOSECONDS.sleep(due - now);
			}
			waiting.acquire();
			client.sendAsync(request, BodyHandlers.discarding()).whenComplete((response, failure) -> {
				double took = (System.nanoTime() - due) / 1e6;
				lines.add("%d %.2f %d".formatted(epoch + (due - start) / 1_000_000, took,
						(failure != null) ? 0 : response.statusCode()));
				waiting.release();
			});
		}
		waiting.tryAcquire(MOST, TIMEOUT.toSeconds() + 5, TimeUnit.SECONDS);
		write(file, lines);
		System.exit(0);
	}

	private static void write(Path file, Queue<String> lines) throws IOException {
		try (PrintWriter writer = new PrintWriter(Files.newBufferedWriter(file))) {
			lines.stream().sorted().forEach(writer::println);
		}
	}

}
