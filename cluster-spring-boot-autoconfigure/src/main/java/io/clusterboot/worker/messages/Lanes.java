package io.clusterboot.worker.messages;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import io.clusterboot.channel.Letter;
import io.clusterboot.channel.Mail;
import org.jspecify.annotations.Nullable;

/**
 * Where letters of the cluster itself wait, one lane for each kind, which no listener of
 * the application keeps waiting. They may come before whoever handles them.
 */
final class Lanes {

	/**
	 * What the names of all such kinds begin with.
	 */
	static final String PREFIX = "cluster:";

	private final Map<String, Inbox> lanes = new HashMap<>();

	private final Receipts receipts;

	private boolean complete;

	Lanes(Receipts receipts) {
		this.receipts = receipts;
	}

	/**
	 * Say who handles a kind.
	 * @param kind the kind
	 * @param thread the name of the thread
	 * @param reader gets the letters
	 */
	synchronized void handle(String kind, String thread, Consumer<Mail.Delivery> reader) {
		lane(kind).beginAtFirst(thread, reader);
	}

	/**
	 * Find the place for a letter.
	 * @param letter the letter
	 * @return the lane, or {@code null} if the letter is not the cluster's own or nobody
	 * will ever handle it
	 */
	synchronized @Nullable Inbox find(Letter letter) {
		String kind = letter.type();
		return (this.complete || !kind.startsWith(PREFIX)) ? this.lanes.get(kind) : lane(kind);
	}

	/**
	 * All are there who handle something.
	 * @param others gets what has come and nobody handles
	 */
	synchronized void complete(Consumer<Mail.Delivery> others) {
		this.complete = true;
		this.lanes.values().forEach((lane) -> lane.beginAtFirst("cluster-unhandled", others));
	}

	synchronized void end() {
		this.lanes.values().forEach(Inbox::end);
	}

	private Inbox lane(String kind) {
		return this.lanes.computeIfAbsent(kind, (added) -> new Inbox(this.receipts));
	}

}
