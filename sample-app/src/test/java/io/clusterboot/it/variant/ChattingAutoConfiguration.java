package io.clusterboot.it.variant;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.clusterboot.Cluster;
import io.clusterboot.MessageException;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.message.ClusterMessage;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application whose workers talk to each other, as much as they are told to.
 */
@AutoConfiguration
@RestController
public class ChattingAutoConfiguration {

	private static final int LONGEST = 1024 * 1024 - 100;

	private final Cluster cluster;

	private final AtomicInteger sent = new AtomicInteger();

	private final AtomicInteger refused = new AtomicInteger();

	private final Map<Integer, Integer> heard = new ConcurrentHashMap<>();

	private final AtomicInteger disorder = new AtomicInteger();

	private volatile String topic = "";

	public ChattingAutoConfiguration(Cluster cluster) {
		this.cluster = cluster;
	}

	@EventListener
	void on(ClusterMessage<Line> message) {
		int number = message.payload().number();
		Integer before = this.heard.put(message.sender(), number);
		if (number != ((before != null) ? before + 1 : 1)) {
			this.disorder.incrementAndGet();
		}
	}

	@EventListener
	void onTopic(ClusterMessage<Topic> message) {
		this.topic = message.payload().text();
	}

	@PostMapping("/topic")
	void topic(@RequestParam String text) {
		this.cluster.retain("topic", new Topic(text)).join();
	}

	@GetMapping("/topic")
	String topic() {
		return this.topic;
	}

	/**
	 * Send so many messages of all sizes to each other worker.
	 */
	@PostMapping("/chat")
	void chat(@RequestParam int count) {
		for (WorkerSnapshot worker : this.cluster.snapshot().workers()) {
			if (worker.id() != this.cluster.id()) {
				new Thread(() -> chat(worker.id(), count), "chat-" + worker.id()).start();
			}
		}
	}

	private void chat(int worker, int count) {
		Random random = new Random(worker);
		for (int number = 1; number <= count; number++) {
			Line line = new Line(number, "x".repeat((int) Math.pow(LONGEST, random.nextDouble())));
			while (!isDelivered(worker, line)) {
				this.refused.incrementAndGet();
			}
			this.sent.incrementAndGet();
		}
	}

	private boolean isDelivered(int worker, Line line) {
		try {
			this.cluster.send(worker, line).join();
			return true;
		}
		catch (CompletionException ex) {
			return false;
		}
	}

	/**
	 * Ask a worker what only a new generation knows.
	 */
	@PostMapping("/novelty")
	String novelty(@RequestParam int worker) {
		try {
			return "answered "
					+ this.cluster.request(worker, new Novelty("news"), String.class, Duration.ofSeconds(20)).join();
		}
		catch (CompletionException ex) {
			return String.valueOf(((MessageException) ex.getCause()).getMessage());
		}
	}

	/**
	 * Tell all workers what only a new generation knows.
	 */
	@PostMapping("/novelties")
	void novelties() {
		this.cluster.broadcast(new Novelty("news")).join();
		this.cluster.broadcast(new Novelty("more news")).join();
	}

	@GetMapping("/chat")
	Report report() {
		return new Report(this.cluster.id(), this.sent.get(), this.refused.get(), Map.copyOf(this.heard),
				this.disorder.get());
	}

	/**
	 * Send to one worker until that is refused.
	 */
	@PostMapping("/shout")
	String shout(@RequestParam int worker) {
		long slowest = 0;
		for (int i = 0; i < 10_000; i++) {
			long start = System.nanoTime();
			try {
				this.cluster.send(worker, new Line(i, "x".repeat(10_000))).join();
			}
			catch (CompletionException ex) {
				return "%s; slowest %d ms".formatted(((MessageException) ex.getCause()).getMessage(),
						slowest / 1_000_000);
			}
			slowest = Math.max(slowest, System.nanoTime() - start);
		}
		return "nothing was refused";
	}

	/**
	 * A message.
	 *
	 * @param number how many the sender has sent to this worker
	 * @param text something
	 */
	public record Line(int number, String text) {

	}

	/**
	 * What it is all about.
	 *
	 * @param text what
	 */
	public record Topic(String text) {

	}

	/**
	 * What no worker of the first generation listens to.
	 *
	 * @param text what
	 */
	public record Novelty(String text) {

	}

	/**
	 * Listens to what is new.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnExpression("${cluster.worker.generation} > 1")
	public static class NewGeneration {

		@EventListener
		String on(ClusterMessage<Novelty> message) {
			return message.payload().text();
		}

	}

	/**
	 * What a worker sent and heard.
	 *
	 * @param worker its id
	 * @param sent how many messages were delivered
	 * @param refused how often one had to be sent again
	 * @param heard the number of the last message of each other worker
	 * @param disorder how many messages did not come in order
	 */
	public record Report(int worker, int sent, int refused, Map<Integer, Integer> heard, int disorder) {

	}

}
