package io.clusterboot.channel;

import org.jspecify.annotations.Nullable;

/**
 * Who asks the primary to do something.
 *
 * @param trigger in what way: {@code http}, {@code api} or the name of a signal
 * @param who who it is, as far as that is known, or {@code null}
 */
public record Requester(String trigger, @Limit(Limit.SENTENCE) @Nullable String who) {

	@Override
	public String toString() {
		return (this.who != null) ? "%s (%s)".formatted(this.trigger, this.who) : this.trigger;
	}

}
