package io.clusterboot.it.variant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application that caches what it reads from a store that all workers share.
 */
@AutoConfiguration
@EnableCaching
public class CachingAutoConfiguration {

	@Bean
	CacheManager cacheManager() {
		return new ConcurrentMapCacheManager();
	}

	@Bean
	Store store(@Value("${test.directory}") Path directory) {
		return new Store(directory);
	}

	/**
	 * The store.
	 */
	public static class Store {

		private final Path directory;

		Store(Path directory) {
			this.directory = directory;
		}

		String read(String name) {
			try {
				String value = Files.readString(this.directory.resolve(name));
				// What takes its time is likely to be overtaken by a write
				Thread.yield();
				return value;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Cacheable("values")
		public String find(String name, int version) {
			return read(name);
		}

		@CacheEvict(cacheNames = "values", key = "new org.springframework.cache.interceptor.SimpleKey(#name, #version)")
		public void write(String name, int version, String value) throws IOException {
			Path file = Files.writeString(this.directory.resolve(name + ".new"), value);
			Files.move(file, this.directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
		}

	}

	/**
	 * Reads and writes it.
	 */
	@RestController
	static class StoreController {

		private final Store store;

		private final CacheManager caches;

		StoreController(Store store, CacheManager caches) {
			this.store = store;
			this.caches = caches;
		}

		@GetMapping("/annotated")
		String annotated(@RequestParam String name) {
			return this.store.find(name, 1);
		}

		@PostMapping("/annotated")
		void annotated(@RequestParam String name, @RequestParam String value) throws IOException {
			this.store.write(name, 1, value);
		}

		@GetMapping("/cached")
		String cached(@RequestParam String name) {
			return Objects.requireNonNull(this.caches.getCache(name)).get("key", () -> this.store.read(name));
		}

		@PostMapping("/cached")
		void cached(@RequestParam String name, @RequestParam String value) throws IOException {
			this.store.write(name, 0, value);
			Objects.requireNonNull(this.caches.getCache(name)).clear();
		}

	}

}
