package io.clusterboot.actuate;

import java.util.function.ToLongFunction;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.clusterboot.DropCounts;
import io.clusterboot.LossSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * What was lost while a reload ran, as the endpoint shows it.
 *
 * @param listenDrops connections that the kernel dropped at a listening socket
 * @param listenOverflows of those, the ones that found the queue full
 * @param requestQueueFull connection requests that the kernel dropped because too many
 * were half open
 * @param cutRequests requests that were still in flight when the time to drain was over
 * @param killedWorkers workers that were killed before their application had closed
 */
@JsonInclude
@JsonPropertyOrder({ "listenDrops", "listenOverflows", "tcpReqQFullDrop", "cutRequests", "killedWorkers" })
public record LossDescriptor(@JsonProperty("listenDrops") Count listenDrops,
		@JsonProperty("listenOverflows") Count listenOverflows, @JsonProperty("tcpReqQFullDrop") Count requestQueueFull,
		@JsonProperty("cutRequests") int cutRequests, @JsonProperty("killedWorkers") int killedWorkers) {

	static @Nullable LossDescriptor of(@Nullable LossSnapshot losses) {
		return (losses != null) ? new LossDescriptor(Count.of(losses, DropCounts::listenDrops),
				Count.of(losses, DropCounts::listenOverflows), Count.of(losses, DropCounts::requestQueueFull),
				losses.cutRequests(), losses.killedWorkers()) : null;
	}

	/**
	 * A counter of the kernel.
	 *
	 * @param before its value when the reload began, or {@code null} if it is not known
	 * @param after its value when the reload ended, or {@code null} if it is not known
	 */
	@JsonInclude
	@JsonPropertyOrder({ "before", "after" })
	public record Count(@JsonProperty("before") @Nullable Long before, @JsonProperty("after") @Nullable Long after) {

		private static Count of(LossSnapshot losses, ToLongFunction<DropCounts> counter) {
			return new Count(value(losses.before(), counter), value(losses.after(), counter));
		}

		private static @Nullable Long value(@Nullable DropCounts drops, ToLongFunction<DropCounts> counter) {
			return (drops != null) ? counter.applyAsLong(drops) : null;
		}

	}

}
