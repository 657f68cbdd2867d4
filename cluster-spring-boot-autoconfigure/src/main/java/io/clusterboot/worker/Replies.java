package io.clusterboot.worker;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.channel.Reply;

/**
 * Waits for what the primary answers.
 */
final class Replies {

	private Replies() {
	}

	static <T extends Reply> T await(CompletableFuture<Reply> waiting, Duration timeout, Class<T> type) {
		try {
			Reply reply = waiting.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
			if (reply instanceof Reply.Refusal refusal) {
				throw new PrimaryUnavailableException(refusal.reason(), null);
			}
			if (reply instanceof Reply.Invalid invalid) {
				throw new IllegalArgumentException(invalid.reason());
			}
			return type.cast(reply);
		}
		catch (TimeoutException ex) {
			throw new PrimaryUnavailableException(
					"The primary did not answer within " + timeout.toString().substring(2).replace("S", " s"), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new PrimaryUnavailableException("Interrupted while waiting for the primary", ex);
		}
		catch (ExecutionException ex) {
			throw new PrimaryUnavailableException(String.valueOf(ex.getCause().getMessage()), ex.getCause());
		}
	}

}
