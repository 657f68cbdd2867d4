package io.clusterboot.actuate;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.clusterboot.IncidentSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The incidents that the primary remembers, as the endpoint shows them.
 *
 * @param incidents the incidents in the order of their ids
 */
public record IncidentsDescriptor(List<Incident> incidents) implements OperationResponseBody {

	static IncidentsDescriptor of(List<IncidentSnapshot> incidents, boolean trusted) {
		return new IncidentsDescriptor(incidents.stream()
			.map(Incident::of)
			.map((incident) -> (trusted) ? incident : incident.forStrangers())
			.toList());
	}

	/**
	 * An end of a worker that nobody wanted, as the endpoint lists it.
	 *
	 * @param id counts up from 1
	 * @param time when it was noticed, in ISO-8601
	 * @param cause the kind of cause, in lower case
	 * @param detail the cause in words
	 * @param worker the worker's id
	 * @param slot the worker's slot, or {@code null} for a spare
	 * @param pid the worker's process id
	 * @param generation the generation that it ran
	 * @param exited when its process was gone, in ISO-8601, or {@code null}
	 * @param exit how its process ended, or {@code null}
	 */
	@JsonInclude
	public record Incident(int id, String time, String cause, String detail, int worker, @Nullable Integer slot,
			long pid, int generation, @Nullable String exited, @Nullable String exit) {

		static Incident of(IncidentSnapshot incident) {
			return new Incident(incident.id(), incident.time().toString(), Text.of(incident.cause()), incident.detail(),
					incident.worker(), Text.ofSlot(incident.slot()), incident.pid(), incident.generation(),
					Text.of(incident.exited()), incident.exit());
		}

		/**
		 * Leave out what the application may have written, with secrets in it.
		 * @return the rest
		 */
		Incident forStrangers() {
			return new Incident(this.id, this.time, this.cause, Text.WITHHELD, this.worker, this.slot, this.pid,
					this.generation, this.exited, this.exit);
		}

	}

}
