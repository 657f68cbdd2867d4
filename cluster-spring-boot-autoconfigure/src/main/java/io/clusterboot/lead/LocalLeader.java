package io.clusterboot.lead;

import java.util.OptionalLong;
import java.util.function.LongConsumer;

import io.clusterboot.ClusterLeader;

/**
 * Leads always, because there is nobody else.
 *
 * @param number the token
 */
public record LocalLeader(long number) implements ClusterLeader {

	@Override
	public OptionalLong token() {
		return OptionalLong.of(this.number);
	}

	@Override
	public boolean run(LongConsumer work) {
		work.accept(this.number);
		return true;
	}

}
