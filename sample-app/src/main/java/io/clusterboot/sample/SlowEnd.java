package io.clusterboot.sample;

import java.time.Duration;

import jakarta.annotation.PreDestroy;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * Has something to finish when the application ends, for as long as
 * {@code sample.close-delay} says.
 */
@Component
@ConditionalOnProperty("sample.close-delay")
class SlowEnd {

	private final Duration delay;

	SlowEnd(@Value("${sample.close-delay}") Duration delay) {
		this.delay = delay;
	}

	@PreDestroy
	void finish() throws InterruptedException {
		Thread.sleep(this.delay.toMillis());
		System.out.println("Finished on pid=" + ProcessHandle.current().pid());
	}

}
