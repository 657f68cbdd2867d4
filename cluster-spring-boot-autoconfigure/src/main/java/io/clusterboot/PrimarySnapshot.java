package io.clusterboot;

import java.time.Instant;

/**
 * The primary at one moment.
 *
 * @param pid its process id
 * @param started when it became the primary
 */
public record PrimarySnapshot(long pid, Instant started) {

}
