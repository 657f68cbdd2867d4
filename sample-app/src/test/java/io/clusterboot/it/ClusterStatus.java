package io.clusterboot.it;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code GET /actuator/cluster} says.
 */
record ClusterStatus(String state, Primary primary, int port, int target, int generation, List<Worker> workers,
		List<Integer> failedSlots, @Nullable Reload lastReload) {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	static ClusterStatus parse(String json) {
		return MAPPER.readValue(json, ClusterStatus.class);
	}

	static Reload parseReload(String json) {
		return MAPPER.readValue(json, Reload.class);
	}

	/**
	 * Return the workers that serve.
	 * @return the workers, without spares
	 */
	List<Worker> ready() {
		return serving().filter((worker) -> worker.state().equals("ready")).toList();
	}

	/**
	 * Return the workers that wait for a slot, ready or not yet.
	 * @return the spares
	 */
	List<Worker> spares() {
		return this.workers.stream().filter((worker) -> worker.slot() == null).toList();
	}

	private Stream<Worker> serving() {
		return this.workers.stream().filter((worker) -> worker.slot() != null);
	}

	int requestsInFlight() {
		return this.workers.stream().mapToInt(Worker::requestsInFlight).sum();
	}

	Set<Long> pids() {
		return this.workers.stream().map(Worker::pid).collect(Collectors.toSet());
	}

	Worker worker(int slot) {
		return ready().stream().filter((worker) -> Objects.equals(worker.slot(), slot)).findFirst().orElseThrow();
	}

	/**
	 * Whether every slot has one ready worker of the live generation, and nothing else
	 * goes on.
	 * @return whether the cluster is settled
	 */
	boolean isSettled() {
		return this.state.equals("running") && serving().count() == this.target && ready().size() == this.target
				&& this.workers.stream().allMatch((worker) -> worker.generation() == this.generation);
	}

	/**
	 * The primary.
	 */
	record Primary(long pid, Instant started, @Nullable Store store) {

	}

	/**
	 * What the primary keeps for all workers.
	 */
	record Store(long entries, long bytes, long maxBytes, long evictions, long refusals) {

	}

	/**
	 * A worker.
	 */
	record Worker(int id, @Nullable Integer slot, long pid, int generation, String state, Instant started,
			@Nullable Instant ready, int restarts, @Nullable Integer sideDoor, int connections, long requests,
			Map<String, Long> responses, int requestsInFlight) {

	}

	/**
	 * A reload.
	 */
	record Reload(int id, String trigger, String strategy, String status, @Nullable String reason, int fromGeneration,
			int toGeneration, Instant started, @Nullable Instant finished, List<String> output) {

		boolean isRunning() {
			return this.status.equals("running");
		}

	}

}
