package io.clusterboot.worker.messages;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.clusterboot.MessageException;
import io.clusterboot.channel.Letter;
import io.clusterboot.channel.Mail;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a letter: who got it and, if it asks, who answered what.
 */
final class Outcome {

	private static final String FULL = "too much waits for it already, its listeners are slow or it is stopped";

	private final boolean asks;

	private int size;

	private final CompletableFuture<Void> done = new CompletableFuture<>();

	private final Map<Integer, Letter> answers = new HashMap<>();

	private final Map<Integer, String> failures = new HashMap<>();

	private final Set<Integer> left = new HashSet<>();

	private final Set<Integer> silent = new HashSet<>();

	private @Nullable List<Integer> recipients;

	/**
	 * Create the outcome of a letter.
	 * @param target who it is for
	 * @param asks whether it asks; what asks one worker is confirmed by the answer
	 * @param size what it takes of the room for what is not confirmed
	 */
	Outcome(int target, boolean asks, int size) {
		this.asks = asks;
		this.size = size;
		if (asks && target != Mail.Post.ALL) {
			this.recipients = List.of(target);
			this.silent.add(target);
		}
	}

	/**
	 * Give back the room that the letter took until it was confirmed.
	 * @return how much, 0 if that was done already
	 */
	synchronized int giveBack() {
		int taken = this.size;
		this.size = 0;
		return taken;
	}

	/**
	 * Return when nothing more is to come.
	 * @return done then, fails if the letter was refused
	 */
	CompletableFuture<Void> done() {
		return this.done;
	}

	synchronized void posted(Mail.Posted mail) {
		this.recipients = mail.recipients();
		mail.full().forEach((worker) -> this.failures.put(worker, FULL));
		if (mail.refusal() != null) {
			this.done.completeExceptionally(new MessageException(mail.refusal(), null));
		}
		this.silent.clear();
		if (this.asks) {
			this.silent.addAll(mail.recipients());
		}
		check();
	}

	synchronized void answered(Mail.Answered mail) {
		if (this.silent.remove(mail.worker())) {
			if (mail.failure() != null) {
				this.failures.put(mail.worker(), mail.failure());
			}
			else {
				this.answers.put(mail.worker(), mail.letter());
			}
		}
		check();
	}

	synchronized void left(int worker) {
		if (this.silent.remove(worker)) {
			this.left.add(worker);
		}
		check();
	}

	private void check() {
		if (this.recipients != null && this.silent.isEmpty()) {
			this.done.complete(null);
		}
	}

	synchronized Map<Integer, Letter> answers() {
		return Map.copyOf(this.answers);
	}

	synchronized Map<Integer, String> failures() {
		return Map.copyOf(this.failures);
	}

	synchronized Set<Integer> left() {
		return Set.copyOf(this.left);
	}

	synchronized Set<Integer> silent() {
		return Set.copyOf(this.silent);
	}

	/**
	 * Fail if the primary has not said what becomes of the letter.
	 */
	synchronized void requireConfirmed() {
		if (this.recipients == null) {
			throw new MessageException("The primary did not answer in time, so the message may arrive or not", null);
		}
	}

	/**
	 * Fail if somebody does not get the letter.
	 * @param target who was to get it
	 */
	synchronized void requireDelivered(int target) {
		if (!this.failures.isEmpty()) {
			List<String> who = this.failures.entrySet()
				.stream()
				.sorted(Map.Entry.comparingByKey())
				.map((failure) -> "worker %d: %s".formatted(failure.getKey(), failure.getValue()))
				.toList();
			throw new MessageException("Not everybody gets the message; " + String.join("; ", who), null);
		}
		if (target != Mail.Post.ALL && this.recipients != null && this.recipients.isEmpty()) {
			throw new MessageException("There is no worker %d that could get the message".formatted(target), null);
		}
	}

	/**
	 * Return what the only worker that was asked has answered.
	 * @param worker the worker
	 * @return the answer
	 */
	synchronized Letter requireAnswer(int worker) {
		Letter answer = this.answers.get(worker);
		if (answer != null) {
			return answer;
		}
		String failure = this.failures.get(worker);
		if (failure == null) {
			failure = (this.silent.contains(worker)) ? "it did not answer in time" : "it is not there any more";
		}
		throw new MessageException("No answer of worker %d: %s".formatted(worker, failure), null);
	}

}
