package io.clusterboot.worker;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.clusterboot.channel.Reply;

/**
 * An answer that comes in several parts, and is there with the last one.
 */
final class Pages extends CompletableFuture<Reply> {

	private final List<Reply.Numbers> pages = new CopyOnWriteArrayList<>();

	@Override
	public boolean complete(Reply reply) {
		if (reply instanceof Reply.Numbers page) {
			this.pages.add(page);
			if (!page.last()) {
				return false;
			}
		}
		return super.complete(reply);
	}

	List<Reply.Numbers> all() {
		return this.pages;
	}

}
