package io.clusterboot;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

import io.clusterboot.event.LeaderGranted;
import io.clusterboot.event.LeaderRevoked;

/**
 * Whether this worker leads. One worker of a cluster does at a time, so what is done once
 * only is done by that one. Each leadership has a token, which is larger than all before,
 * over reloads and restarts of the cluster too. A worker that was stopped in the middle
 * of something, by the system or a pause of its machine, does not know that another leads
 * when it goes on: what must never be done by two keeps the largest token that it has
 * seen, and refuses a smaller one.
 * <p>
 * All of this is known in this process and asks nobody. May be used by any thread.
 *
 * @see OncePerCluster
 * @see LeaderGranted
 * @see LeaderRevoked
 */
public interface ClusterLeader {

	/**
	 * Return the token of this worker's leadership.
	 * @return the token, or empty if this worker does not lead now
	 */
	OptionalLong token();

	/**
	 * Return whether this worker leads.
	 * @return whether it does now; what takes its time is rather {@link #run run}
	 */
	default boolean isLeader() {
		return token().isPresent();
	}

	/**
	 * Do something if this worker leads. While that takes, the worker gives its
	 * leadership to no other, but for at most {@code cluster.drain.timeout} once it has
	 * to; it loses it when it is stopped, or cannot reach the primary, for too long.
	 * @param work what to do, with the token of the leadership
	 * @return whether it was done
	 */
	boolean run(LongConsumer work);

	/**
	 * Do something that has a result if this worker leads, as {@link #run run}.
	 * @param <T> the type of the result
	 * @param work what to do, with the token of the leadership
	 * @return the result, or empty if it is {@code null} or this worker does not lead
	 */
	default <T> Optional<T> call(LongFunction<? extends T> work) {
		AtomicReference<T> result = new AtomicReference<>();
		run((token) -> result.set(work.apply(token)));
		return Optional.ofNullable(result.get());
	}

}
