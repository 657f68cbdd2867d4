package io.clusterboot.it.variant;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import jakarta.annotation.PreDestroy;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application that is alone in its directory, takes a minute for a request, and waits
 * at its end for a thread that nothing interrupts.
 */
@AutoConfiguration
@RestController
public class UnfitAutoConfiguration {

	private final Thread work = new Thread(this::work, "unfit-work");

	private final FileLock lock;

	UnfitAutoConfiguration(@Value("${sample.lock}") Path file) throws IOException {
		FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
		FileLock found = channel.tryLock();
		if (found == null) {
			throw new IllegalStateException("The store %s is locked by another process".formatted(file));
		}
		this.lock = found;
		this.work.start();
	}

	private void work() {
		while (this.lock.isValid()) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
			// That it was interrupted it does not want to know
			Thread.interrupted();
		}
	}

	@GetMapping("/hold")
	String hold() throws InterruptedException {
		Thread.sleep(60_000);
		return "Held for a minute";
	}

	@PreDestroy
	void end() throws InterruptedException {
		this.work.interrupt();
		this.work.join();
	}

}
