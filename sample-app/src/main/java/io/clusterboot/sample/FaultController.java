package io.clusterboot.sample;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Ways for a process to go wrong without ending, on request. Only with
 * {@code sample.faults=true}.
 */
@RestController
@RequestMapping("/faults")
@ConditionalOnProperty("sample.faults")
class FaultController {

	private static final int MEGABYTE = 1024 * 1024;

	private final long pid = ProcessHandle.current().pid();

	private final Queue<ByteBuffer> leaked = new ConcurrentLinkedQueue<>();

	// Else the compiler would see that nobody needs it
	private volatile byte[] garbage = {};

	private final ApplicationContext context;

	private final SlowFilter slowFilter;

	FaultController(ApplicationContext context, SlowFilter slowFilter) {
		this.context = context;
		this.slowFilter = slowFilter;
	}

	@PostMapping("/deadlock")
	String deadlock() {
		Lock one = new ReentrantLock();
		Lock two = new ReentrantLock();
		CountDownLatch bothHeld = new CountDownLatch(2);
		start("sample-deadlock-one", () -> lock(one, two, bothHeld));
		start("sample-deadlock-two", () -> lock(two, one, bothHeld));
		return "Deadlocked two threads on pid=%d".formatted(this.pid);
	}

	private static void lock(Lock first, Lock second, CountDownLatch bothHeld) {
		first.lock();
		bothHeld.countDown();
		try {
			bothHeld.await();
			second.lock();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@PostMapping("/fill-pool")
	String fillPool(@RequestParam(defaultValue = "60") int seconds) throws InterruptedException {
		Thread.sleep(Duration.ofSeconds(seconds).toMillis());
		return "Kept a request thread for %d s on pid=%d".formatted(seconds, this.pid);
	}

	/**
	 * As applications do that call a web hook, or import what somebody gives the address
	 * of.
	 * @param url the address
	 * @return the answer
	 * @throws IOException if there is none
	 * @throws InterruptedException if the thread is interrupted
	 */
	@PostMapping("/hook")
	String hook(@RequestParam URI url) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(url).POST(HttpRequest.BodyPublishers.noBody()).build();
		HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
		return response.statusCode() + " " + response.body();
	}

	@PostMapping("/leak")
	String leak(@RequestParam(defaultValue = "100") int megabytes) {
		for (int i = 0; i < megabytes; i++) {
			// Zeroed and so resident, and the heap keeps its size
			this.leaked.add(ByteBuffer.allocateDirect(MEGABYTE));
		}
		return "Leaked %d MB, %d MB altogether, on pid=%d".formatted(megabytes, this.leaked.size(), this.pid);
	}

	@PostMapping("/gc-spiral")
	String gcSpiral(@RequestParam(defaultValue = "8") int freeMegabytes) {
		start("sample-gc-spiral", () -> {
			// Small objects, which take a collection the longest
			Object[] live = fillUp(freeMegabytes * (long) MEGABYTE);
			while (live != null) {
				this.garbage = new byte[1024];
			}
		});
		return "Leaving %d MB of the heap on pid=%d".formatted(freeMegabytes, this.pid);
	}

	private Object[] fillUp(long leave) {
		Object[] last = new Object[1];
		while (true) {
			if (free() < leave) {
				System.gc();
				if (free() < leave) {
					return last;
				}
			}
			for (int i = 0; i < MEGABYTE / 64; i++) {
				last = new Object[] { last };
			}
		}
	}

	private static long free() {
		Runtime runtime = Runtime.getRuntime();
		return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
	}

	@PostMapping("/uncaught")
	String uncaught() {
		start("sample-uncaught", () -> {
			throw new AssertionError("Nobody catches this");
		});
		return "Threw an error in a thread on pid=%d".formatted(this.pid);
	}

	@PostMapping("/broken")
	String broken() {
		AvailabilityChangeEvent.publish(this.context, LivenessState.BROKEN);
		return "Broken on pid=%d".formatted(this.pid);
	}

	@PostMapping("/readiness")
	String readiness(@RequestParam ReadinessState state) {
		AvailabilityChangeEvent.publish(this.context, state);
		return "%s on pid=%d".formatted(state, this.pid);
	}

	@PostMapping("/slow")
	String slow(@RequestParam(defaultValue = "100") long millis) {
		this.slowFilter.delay(Duration.ofMillis(millis));
		return "From now on GET / takes %d ms more on pid=%d".formatted(millis, this.pid);
	}

	private static void start(String name, Runnable task) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		thread.start();
	}

}
