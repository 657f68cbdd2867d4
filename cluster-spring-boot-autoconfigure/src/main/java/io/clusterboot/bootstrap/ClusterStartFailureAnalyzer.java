package io.clusterboot.bootstrap;

import io.clusterboot.ClusterException;
import io.clusterboot.PortConflictException;
import io.clusterboot.settings.InvalidClusterPropertyException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains why a cluster or a worker of it cannot be started, where no property is to
 * blame.
 */
class ClusterStartFailureAnalyzer extends AbstractFailureAnalyzer<ClusterException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, ClusterException cause) {
		if (cause instanceof InvalidClusterPropertyException) {
			return null;
		}
		String action = (cause instanceof PortConflictException conflict) ? conflict.getAction()
				: "Remove the cause, or run without a cluster by cluster.workers=0.";
		return new FailureAnalysis(cause.getMessage(), action, cause);
	}

}
