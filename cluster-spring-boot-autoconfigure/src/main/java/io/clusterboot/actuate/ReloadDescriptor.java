package io.clusterboot.actuate;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.clusterboot.ReloadSnapshot;
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
@JsonPropertyOrder({ "id", "trigger", "requester", "strategy", "status", "reason", "fromGeneration", "toGeneration",
		"started", "finished", "steps", "canary", "losses", "output", "_links" })
public record ReloadDescriptor(@JsonProperty("id") int id, @JsonProperty("trigger") String trigger,
		@JsonProperty("requester") @Nullable String requester, @JsonProperty("strategy") String strategy,
		@JsonProperty("status") String status, @JsonProperty("reason") @Nullable String reason,
		@JsonProperty("fromGeneration") int fromGeneration, @JsonProperty("toGeneration") int toGeneration,
		@JsonProperty("started") String started, @JsonProperty("finished") @Nullable String finished,
		@JsonProperty("steps") List<ReloadStepDescriptor> steps,
		@JsonProperty("canary") @Nullable CanaryDescriptor canary,
		@JsonProperty("losses") @Nullable LossDescriptor losses, @JsonProperty("output") List<String> output,
		@JsonProperty("_links") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable LinksDescriptor links)
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
				reload.started().toString(), Text.of(reload.finished()),
				reload.steps().stream().map(ReloadStepDescriptor::of).toList(), CanaryDescriptor.of(reload.canary()),
				LossDescriptor.of(reload.losses()), reload.output(), LinksDescriptor.toSelf(href));
	}

}
