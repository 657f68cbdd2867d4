package io.clusterboot;

import java.time.Instant;

/**
 * The first worker of a rolling reload, compared with those of the old generation.
 *
 * @param worker the id of the worker
 * @param until when the comparison ends if nothing happens before
 * @param responses what the worker has answered, as of its last heartbeat
 * @param others what the workers of the old generation have answered in the same time; in
 * a cluster of one worker, what the replaced worker had answered in its life
 */
public record CanarySnapshot(int worker, Instant until, ResponseCounts responses, ResponseCounts others) {

}
