package io.clusterboot.actuate;

import java.util.List;
import java.util.function.ToLongFunction;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.clusterboot.CanarySnapshot;
import io.clusterboot.DropCounts;
import io.clusterboot.LossSnapshot;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStepSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * A reload as the endpoint shows it.
 *
 * @param id counts up from 1
 * @param trigger how it was asked for
 * @param requester who asked for it, or {@code null} if that is not known
 * @param strategy how it replaces the workers, in lower case
 * @param status how far it is, in lower case
 * @param reason why it failed, or {@code null}
 * @param fromGeneration the generation that it replaces
 * @param toGeneration the generation that it makes
 * @param started when it began, in ISO-8601
 * @param finished when it ended, in ISO-8601, or {@code null}
 * @param steps what it did to the slots, in order
 * @param canary the worker that went first, or {@code null} if none does or did yet
 * @param losses what was lost meanwhile, or {@code null} if it has not begun
 * @param output the last lines that the worker printed because of which it failed
 * @param links where the reload is to be found, in the answer to who asked for it or
 * ended it
 */
@JsonInclude
public record ReloadDescriptor(int id, String trigger, @Nullable String requester, String strategy, String status,
		@Nullable String reason, int fromGeneration, int toGeneration, String started, @Nullable String finished,
		List<Step> steps, @Nullable Canary canary, @Nullable Losses losses, List<String> output,
		@JsonProperty("_links") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Links links)
		implements
			OperationResponseBody {

	static ReloadDescriptor of(ReloadSnapshot reload) {
		return of(reload, null);
	}

	/**
	 * Return whether there is something that strangers must not see.
	 * @return whether {@link #forStrangers()} leaves something out
	 */
	boolean isSecretive() {
		return this.requester != null || this.reason != null || !this.output.isEmpty();
	}

	/**
	 * Leave out who asked, and what the application may have written, with secrets in it.
	 * @return the rest
	 */
	ReloadDescriptor forStrangers() {
		return new ReloadDescriptor(this.id, this.trigger, (this.requester != null) ? Text.WITHHELD : null,
				this.strategy, this.status, (this.reason != null) ? Text.WITHHELD : null, this.fromGeneration,
				this.toGeneration, this.started, this.finished, this.steps, this.canary, this.losses, List.of(),
				this.links);
	}

	static ReloadDescriptor of(ReloadSnapshot reload, @Nullable String href) {
		return new ReloadDescriptor(reload.id(), reload.trigger(), reload.requester(), Text.of(reload.strategy()),
				Text.of(reload.status()), reload.reason(), reload.fromGeneration(), reload.toGeneration(),
				reload.started().toString(), Text.of(reload.finished()), reload.steps().stream().map(Step::of).toList(),
				Canary.of(reload.canary()), Losses.of(reload.losses()), reload.output(), Links.toSelf(href));
	}

	/**
	 * The worker of a reload that goes first, as the endpoint shows it.
	 *
	 * @param worker the id of the worker
	 * @param until when the comparison ends if nothing happens before, in ISO-8601
	 * @param requests how many requests the worker has answered
	 * @param serverErrors how many of them with a server error
	 * @param othersRequests how many requests the workers that it is compared with have
	 * answered
	 * @param othersServerErrors how many of them with a server error
	 */
	@JsonInclude
	public record Canary(int worker, String until, long requests, long serverErrors, long othersRequests,
			long othersServerErrors) {

		static @Nullable Canary of(@Nullable CanarySnapshot canary) {
			return (canary != null)
					? new Canary(canary.worker(), canary.until().toString(), canary.responses().total(),
							canary.responses().serverErrors(), canary.others().total(), canary.others().serverErrors())
					: null;
		}

	}

	/**
	 * What was lost while a reload ran, as the endpoint shows it.
	 *
	 * @param listenDrops connections that the kernel dropped at a listening socket
	 * @param listenOverflows of those, the ones that found the queue full
	 * @param requestQueueFull connection requests that the kernel dropped because too
	 * many were half open
	 * @param cutRequests requests that were still in flight when the time to drain was
	 * over
	 * @param killedWorkers workers that were killed before their application had closed
	 */
	@JsonInclude
	public record Losses(Count listenDrops, Count listenOverflows,
			@JsonProperty("tcpReqQFullDrop") Count requestQueueFull, int cutRequests, int killedWorkers) {

		static @Nullable Losses of(@Nullable LossSnapshot losses) {
			return (losses != null) ? new Losses(Count.of(losses, DropCounts::listenDrops),
					Count.of(losses, DropCounts::listenOverflows), Count.of(losses, DropCounts::requestQueueFull),
					losses.cutRequests(), losses.killedWorkers()) : null;
		}

		/**
		 * A counter of the kernel.
		 *
		 * @param before its value when the reload began, or {@code null} if it is not
		 * known
		 * @param after its value when the reload ended, or {@code null} if it is not
		 * known
		 */
		@JsonInclude
		public record Count(@Nullable Long before, @Nullable Long after) {

			private static Count of(LossSnapshot losses, ToLongFunction<DropCounts> counter) {
				return new Count(value(losses.before(), counter), value(losses.after(), counter));
			}

			private static @Nullable Long value(@Nullable DropCounts drops, ToLongFunction<DropCounts> counter) {
				return (drops != null) ? counter.applyAsLong(drops) : null;
			}

		}

	}

	/**
	 * What a reload did to one slot, as the endpoint shows it.
	 *
	 * @param slot the slot
	 * @param generation the generation of the new worker
	 * @param worker the id of the new worker
	 * @param forked when the new worker was forked, in ISO-8601
	 * @param ready when it took the slot over, in ISO-8601, or {@code null}
	 * @param replaced the id of the worker that had the slot before, or {@code null}
	 * @param drained when that worker was gone, in ISO-8601, or {@code null}
	 */
	@JsonInclude
	public record Step(int slot, int generation, int worker, String forked, @Nullable String ready,
			@Nullable Integer replaced, @Nullable String drained) {

		static Step of(ReloadStepSnapshot step) {
			return new Step(step.slot(), step.generation(), step.worker(), step.forked().toString(),
					Text.of(step.ready()), step.replaced(), Text.of(step.drained()));
		}

	}

	/**
	 * Where the caller finds the rest of an answer.
	 *
	 * @param self where the resource itself is
	 */
	public record Links(Link self) {

		static @Nullable Links toSelf(@Nullable String href) {
			return (href != null) ? new Links(new Link(href)) : null;
		}

		/**
		 * One link.
		 *
		 * @param href the path, as the caller's own request had it
		 */
		public record Link(String href) {

		}

	}

}
