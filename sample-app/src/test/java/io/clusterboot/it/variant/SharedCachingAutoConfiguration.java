package io.clusterboot.it.variant;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application with reports that take until they are told to end, which its workers
 * share.
 */
@AutoConfiguration
@EnableCaching
public class SharedCachingAutoConfiguration {

	@Bean
	Reports reports(@Value("${test.directory}") Path directory) {
		return new Reports(directory);
	}

	/**
	 * A report.
	 *
	 * @param name its name
	 * @param by the process that has made it
	 * @param at when
	 * @param lines what is in it
	 */
	public record Report(String name, long by, Instant at, List<Line> lines) {

	}

	/**
	 * A line of a report.
	 *
	 * @param amount a number
	 */
	public record Line(BigDecimal amount) {

	}

	/**
	 * Makes reports.
	 */
	public static class Reports {

		private final Path directory;

		Reports(Path directory) {
			this.directory = directory;
		}

		@Cacheable(cacheNames = "reports", cacheManager = "clusterCacheManager", sync = true)
		public Report report(String name) throws IOException {
			long pid = ProcessHandle.current().pid();
			Files.writeString(this.directory.resolve(name), pid + "\n", StandardOpenOption.CREATE,
					StandardOpenOption.APPEND);
			while (!Files.exists(this.directory.resolve(name + ".ends"))) {
				LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
			}
			return new Report(name, pid, Instant.now(), List.of(new Line(new BigDecimal("1.50"))));
		}

		@CacheEvict(cacheNames = "reports", cacheManager = "clusterCacheManager")
		public void forget(String name) {
		}

	}

	/**
	 * Shows reports.
	 */
	@RestController
	static class ReportController {

		private final Reports reports;

		ReportController(Reports reports) {
			this.reports = reports;
		}

		@GetMapping("/report")
		String report(@RequestParam String name) throws IOException {
			return this.reports.report(name).toString();
		}

		@DeleteMapping("/report")
		void forget(@RequestParam String name) {
			this.reports.forget(name);
		}

	}

}
