package io.clusterboot.actuate;

import java.util.List;
import java.util.function.Function;

import io.clusterboot.ReloadSnapshot;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The reloads that the primary remembers, as the endpoint shows them.
 *
 * @param reloads the reloads in the order of their ids
 */
public record ReloadsDescriptor(List<ReloadDescriptor> reloads) implements OperationResponseBody {

	static ReloadsDescriptor of(List<ReloadSnapshot> reloads, Function<ReloadSnapshot, ReloadDescriptor> describe) {
		return new ReloadsDescriptor(reloads.stream().map(describe).toList());
	}

}
