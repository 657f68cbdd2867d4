package io.clusterboot.it.variant;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;

import io.clusterboot.Cluster;
import io.clusterboot.ClusterException;
import io.clusterboot.message.ClusterMessage;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.cache.CacheManager;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application that shares something with others, and says what becomes of it.
 */
@AutoConfiguration
public class SharingAutoConfiguration {

	/**
	 * What is shared.
	 *
	 * @param text a text
	 */
	public record Shared(String text) {

	}

	/**
	 * What can be asked for.
	 */
	@RestController
	public static class SharingController {

		private final Cluster cluster;

		private final CacheManager caches;

		private final List<String> heard = new CopyOnWriteArrayList<>();

		SharingController(Cluster cluster, @Qualifier("clusterCacheManager") CacheManager caches) {
			this.cluster = cluster;
			this.caches = caches;
		}

		@EventListener
		public void onShared(ClusterMessage<Shared> message) {
			this.heard.add(message.payload().text());
		}

		@PostMapping("/share/say")
		public String say(@RequestParam String text) {
			try {
				this.cluster.broadcast(new Shared(text)).join();
				return "said";
			}
			catch (CompletionException ex) {
				return String.valueOf(ex.getCause().getMessage());
			}
		}

		@PostMapping("/share/retain")
		public String retain(@RequestParam String text) {
			this.cluster.retain("text", new Shared(text)).join();
			return "said";
		}

		@GetMapping("/share/heard")
		public String heard() {
			return String.join(" ", this.heard);
		}

		@GetMapping("/share/leader")
		public long leader() {
			return this.cluster.leader().token().orElse(0);
		}

		@GetMapping("/share/computed")
		public String computed() {
			return Objects.requireNonNull(this.caches.getCache("shared"))
				.get("process", () -> "by " + ProcessHandle.current().pid());
		}

		@PostMapping("/share/count")
		public String count() {
			try {
				return String.valueOf(this.cluster.counter("shared").addAndGet(1));
			}
			catch (ClusterException ex) {
				return String.valueOf(ex.getMessage());
			}
		}

	}

}
